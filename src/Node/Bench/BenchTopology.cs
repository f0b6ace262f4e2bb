using ShardStore.Client;
using ShardStore.Client.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>The map that all workers share; patched by redirects, read anew after trouble.</summary>
internal sealed class BenchTopology(BenchOptions options) : IDisposable
{
    private const long RefreshMsMin = 200;

    private readonly NodeAddress[] _seeds = [.. options.Endpoints.Select(NodeAddress.Parse)];
    private readonly SemaphoreSlim _one = new(1);
    private SlotMap _map = SlotMap.Empty;
    private long _refreshedMs = -RefreshMsMin;

    internal NodeAddress OwnerOf(int slot) =>
        Volatile.Read(ref _map).RouteOf(slot)?.Master ?? _seeds[slot % _seeds.Length];

    internal void Patch(int slot, NodeAddress owner) => Volatile.Read(ref _map).Patch(slot, owner);

    /// <exception cref="IOException">No node told its map.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var problem = await TryReadAnyAsync(cancellationToken).ConfigureAwait(false);
        if (problem is not null)
            throw new IOException($"none of {string.Join(", ", _seeds)} told the cluster's map: {problem}");
    }

    /// <summary>Reads the map anew unless that was done a moment ago. Keeps the old one when nobody answers.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Environment.TickCount64 - _refreshedMs >= RefreshMsMin)
                await TryReadAnyAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string?> TryReadAnyAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var node in Volatile.Read(ref _map).Masters().Concat(_seeds).Distinct().ToArray())
        {
            try
            {
                await ReadAsync(node, cancellationToken).ConfigureAwait(false);
                problem = null;
                break;
            }
            catch (Exception error) when (BenchConnection.IsConnectionError(error)
                && !cancellationToken.IsCancellationRequested)
            {
                problem = $"{node}: {error.Message}";
            }
        }
        _refreshedMs = Environment.TickCount64;
        return problem;
    }

    private async Task ReadAsync(NodeAddress node, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ReplyTimeoutMs);
        await using var connection = await BenchConnection.OpenAsync(node, limit.Token).ConfigureAwait(false);
        var reply = await connection.AskAsync(["CLUSTER", "SLOTS"], limit.Token).ConfigureAwait(false);
        if (reply.IsError)
        {
            if (!reply.Text.Contains("cluster support disabled", StringComparison.Ordinal))
                throw new IOException($"CLUSTER SLOTS was answered with {reply.Text}");
            var routes = new SlotRoute?[HashSlot.Count];
            Array.Fill(routes, new SlotRoute(node, []));
            Volatile.Write(ref _map, new SlotMap(routes));
            return;
        }
        Volatile.Write(ref _map, SlotMapParser.Parse(reply, node));
    }
}
