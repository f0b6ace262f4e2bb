using System.Diagnostics;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Ctl;

namespace ShardStore.Node.Backup;

/// <summary>Who leads which shard, as any node of the cluster tells it. Safe from any thread.</summary>
internal sealed class LeaderMap(Uri admin) : IDisposable
{
    /// <summary>Many downloads may find at once that the map is old.</summary>
    private static readonly TimeSpan RefreshMin = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private long _refreshed;

    public IReadOnlyList<ShardView> Shards { get; private set; } = [];
    public IReadOnlyList<NodeView> Nodes { get; private set; } = [];

    /// <summary>Node and admin address of a shard's leader; null during an election.</summary>
    public (string Node, Uri Admin)? LeaderOf(int shard)
    {
        var leader = Shards.FirstOrDefault(view => view.Id == shard)?.Leader;
        return Nodes.FirstOrDefault(view => view.Name == leader) is { } node ? (node.Name, AddressOf(node)) : null;
    }

    /// <summary>Reads the map anew from the node that was named, or from the others when that one is gone.</summary>
    public async Task RefreshAsync(CancellationToken stop)
    {
        await _refreshing.WaitAsync(stop);
        try
        {
            if (_refreshed != 0 && Stopwatch.GetElapsedTime(_refreshed) < RefreshMin)
                return;
            await ReadAsync(stop);
            _refreshed = Stopwatch.GetTimestamp();
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private async Task ReadAsync(CancellationToken stop)
    {
        AdminProblemException? problem = null;
        foreach (var address in Nodes.Where(node => node.State != "down").Select(AddressOf).Prepend(admin))
        {
            try
            {
                using var client = new AdminClient(address);
                Nodes = await client.GetAsync("nodes", AdminJson.Default.IReadOnlyListNodeView, stop);
                Shards = await client.GetAsync("shards", AdminJson.Default.IReadOnlyListShardView, stop);
                return;
            }
            catch (AdminProblemException refused)
            {
                problem ??= refused;
            }
        }
        throw problem!;
    }

    private static Uri AddressOf(NodeView node) => new UriBuilder(Uri.UriSchemeHttp, node.Host, node.AdminPort).Uri;
}
