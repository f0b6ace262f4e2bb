using System.Diagnostics;
using ShardStore.Client;
using ShardStore.Client.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>One worker's way to the cluster: sends a batch to the nodes that own its keys, follows redirects, opens
/// connections again, and tells what became of each operation.</summary>
internal sealed class BenchExchange(BenchTopology topology, BenchTally tally, BenchOptions options)
    : IBenchReplies, IAsyncDisposable
{
    private const int TriesMax = 16;

    private readonly Dictionary<NodeAddress, BenchConnection> _connections = [];
    private readonly Lock _gate = new();
    private readonly List<BenchOperation> _redirected = [];
    private IBenchCommands _commands = null!;
    private bool _inTrouble;

    /// <summary>Runs a batch to its end: every operation has been told to <paramref name="commands"/> afterwards.
    /// </summary>
    internal async Task RunAsync(
        IReadOnlyList<BenchOperation> batch, IBenchCommands commands, CancellationToken cancellationToken)
    {
        _commands = commands;
        _inTrouble = false;
        var round = batch;
        while (round.Count > 0)
        {
            foreach (var operation in round)
                await QueueAsync(operation, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(_connections.Values.Where(c => c.HasWork).ToArray()
                .Select(c => ExchangeAsync(c, cancellationToken))).ConfigureAwait(false);
            round = [.. _redirected];
            _redirected.Clear();
        }
        if (_inTrouble)
            await topology.RefreshAsync(cancellationToken).ConfigureAwait(false);
    }

    public void OnReply(BenchConnection connection, in BenchOperation operation, in RespReply reply)
    {
        // The +OK of an ASKING belongs to no operation.
        if (operation.DueTimestamp == 0)
            return;
        if (!reply.IsError)
        {
            var micros = (long)Stopwatch.GetElapsedTime(operation.DueTimestamp).TotalMicroseconds;
            _commands.OnDone(operation, reply, micros);
            return;
        }
        OnErrorReply(connection, operation, reply);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void OnErrorReply(BenchConnection connection, in BenchOperation operation, in RespReply reply)
    {
        var redirect = Redirect.Parse(reply.Bytes.Span, connection.Address);
        var isRedirect = redirect.Kind is RedirectKind.Moved or RedirectKind.Ask;
        if (redirect.Kind == RedirectKind.Moved)
        {
            tally.OnMoved();
            topology.Patch(redirect.Slot, redirect.Target);
        }
        else if (redirect.Kind == RedirectKind.Ask)
        {
            tally.OnAsked();
        }
        lock (_gate)
        {
            if (isRedirect && operation.Tries < TriesMax)
            {
                NodeAddress? asked = redirect.Kind == RedirectKind.Ask ? redirect.Target : null;
                _redirected.Add(operation with { Tries = operation.Tries + 1, AskedNode = asked });
                return;
            }
            _inTrouble = true;
        }
        tally.OnErrorReply(reply.Bytes.Span);
        _commands.OnFailed(operation, mayHaveRun: redirect.Kind is RedirectKind.None or RedirectKind.Unknown);
    }

    private async Task QueueAsync(BenchOperation operation, CancellationToken cancellationToken)
    {
        var node = operation.AskedNode ?? topology.OwnerOf(_commands.SlotOf(operation.Key));
        try
        {
            if (!_connections.TryGetValue(node, out var connection))
                connection = await OpenAsync(node, cancellationToken).ConfigureAwait(false);
            if (operation.AskedNode is not null)
            {
                connection.Output.WriteArrayHeader(1);
                connection.Output.WriteBulk("ASKING");
                connection.Expect(default);
            }
            _commands.Write(operation, connection.Output);
            connection.Expect(operation);
        }
        catch (Exception error) when (BenchConnection.IsConnectionError(error)
            && !cancellationToken.IsCancellationRequested)
        {
            _inTrouble = true;
            tally.OnError("no connection");
            _commands.OnFailed(operation, mayHaveRun: false);
        }
    }

    private async Task<BenchConnection> OpenAsync(NodeAddress node, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Math.Min(options.ReplyTimeoutMs, 1000));
        var connection = await BenchConnection.OpenAsync(node, limit.Token).ConfigureAwait(false);
        _connections[node] = connection;
        return connection;
    }

    private async Task ExchangeAsync(BenchConnection connection, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ReplyTimeoutMs);
        try
        {
            await connection.ExchangeAsync(this, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (BenchConnection.IsConnectionError(error))
        {
            var text = error is OperationCanceledException ? "no reply in time" : "connection broke";
            await DropAsync(connection, text).ConfigureAwait(false);
        }
    }

    private async Task DropAsync(BenchConnection connection, string text)
    {
        foreach (var operation in connection.TakeUnanswered().Where(o => o.DueTimestamp != 0))
        {
            tally.OnError(text);
            _commands.OnFailed(operation, mayHaveRun: true);
        }
        tally.OnReconnect();
        lock (_gate)
        {
            _inTrouble = true;
            _connections.Remove(connection.Address);
        }
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
