namespace ShardStore.Cluster.Tests.Support;

/// <summary>Which node is to lead which shard. A fresh cluster whose nodes are all in time has them take turns; a slow
/// start leaves a shard to whoever stood for election first.</summary>
/// <param name="api">The cluster.</param>
/// <param name="leaderOf">Name of the node that is to lead a shard, by the shard's number.</param>
internal sealed class LeaderLayout(AdminApi api, Func<int, string> leaderOf)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<bool> HoldsAsync() =>
        (await api.ShardsAsync()).All(shard => shard.Leader == leaderOf(shard.Id));

    /// <summary>Passes leaderships on until it holds.</summary>
    public Task ReachAsync() =>
        Waiting.UntilAsync(StepAsync, Patience, () => "leaders are not where they should be");

    private async Task<bool> StepAsync()
    {
        var isDone = true;
        foreach (var shard in await api.ShardsAsync())
        {
            var wanted = leaderOf(shard.Id);
            isDone &= shard.Leader == wanted;
            if (shard.Leader is { } leader && leader != wanted)
                await api.TryMigrateAsync(shard.Id, leader, wanted);
        }
        return isDone;
    }
}
