using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Moves shards and leaderships all the time, one after the other: whatever breaks must also be survived in
/// the middle of a move.</summary>
internal sealed class MovingShards : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly NemesisCluster _cluster;
    private readonly Random _random;
    private readonly PeriodicTimer _pace;
    private readonly Task _moving;
    private int _started;

    public MovingShards(NemesisCluster cluster, int seed, TimeSpan pause)
    {
        _cluster = cluster;
        _random = new Random(seed);
        _pace = new PeriodicTimer(pause);
        _moving = Task.Run(RunAsync);
    }

    /// <summary>Moves that the cluster took on.</summary>
    public int Started => Volatile.Read(ref _started);

    public async ValueTask DisposeAsync()
    {
        // Ends the wait for the next tick, and with it the moves.
        _pace.Dispose();
        await _moving.WaitAsync(EndTimeout);
    }

    private async Task RunAsync()
    {
        do
        {
            if (await TryMoveAsync())
                Interlocked.Increment(ref _started);
        }
        while (await _pace.WaitForNextTickAsync());
    }

    /// <summary>A replica to a node that has none, or the leadership to another replica.</summary>
    private async Task<bool> TryMoveAsync()
    {
        if (await ShardsAsync() is not { Length: > 0 } shards)
            return false;
        var shard = shards[_random.Next(shards.Length)];
        if (shard.MigrationId is not null || shard.Leader is null)
            return false;
        var holders = shard.Replicas.Select(replica => replica.Node).ToArray();
        var free = _cluster.Hosts.Select(host => $"n{host + 1}").Except(holders).ToArray();
        var (from, to) = free.Length > 0 && _random.Next(2) == 0
            ? (holders[_random.Next(holders.Length)], free[_random.Next(free.Length)])
            : (shard.Leader, holders[_random.Next(holders.Length)]);
        return from != to && await _cluster.Api.TryMigrateAsync(shard.Id, from, to);
    }

    private async Task<ShardView[]> ShardsAsync()
    {
        try
        {
            return await _cluster.Api.ShardsAsync();
        }
        catch (Exception silent) when (silent is IOException or Xunit.Sdk.XunitException)
        {
            return [];
        }
    }
}
