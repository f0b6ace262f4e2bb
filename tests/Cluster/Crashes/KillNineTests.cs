using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Crashes;

public sealed class KillNineTests(ITestOutputHelper output)
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task Each_node_killed_in_turn_and_then_all_lose_nothing_that_was_acknowledged()
    {
        var shape = new ClusterShape { OnDisk = true };
        await using var cluster = await ClusterProcess.StartAsync(shape);
        await using var load = await CheckedLoad.StartAsync(
            cluster.Endpoints, new LoadShape { Shards = shape.Shards });
        for (var node = 0; node < cluster.Count; node++)
            await KillOneAsync(cluster, load, node);
        await KillAllAsync(cluster, load);
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        _figures.Write($"kill -9, three nodes on disk: {counts}, {load.KeysWritten} keys read back, {lost.Count} lost");
        Assert.Empty(lost);
        Assert.True(counts.Acknowledged > 500, counts.ToString());
    }

    private async Task KillOneAsync(ClusterProcess cluster, CheckedLoad load, int node)
    {
        await load.WaitServedAsync(Patience);
        await load.WaitOperationsAsync(200, Patience);
        load.ResetGaps();
        await cluster.KillAsync(node);
        // Twice: a reply may have been on its way when its node died.
        await load.WaitServedAsync(Patience);
        await load.WaitServedAsync(Patience);
        var gap = load.LongestGap;
        var stalled = load.Histories.Where(history => history.LongestGap.TotalMilliseconds > 500).Count();
        _figures.Write(
            $"kill -9 n{node + 1}: longest gap {gap.TotalMilliseconds:0} ms, {stalled} of {load.Histories.Count} shards"
            + $" stalled; {load.Counts}");
        Assert.True(gap < BackWithin, $"{gap.TotalMilliseconds:0} ms without a write; {cluster.Errors()}");
        cluster.Start(node);
        await cluster.WaitReadyAsync();
    }

    private async Task KillAllAsync(ClusterProcess cluster, CheckedLoad load)
    {
        await load.WaitServedAsync(Patience);
        await load.WaitOperationsAsync(200, Patience);
        load.ResetGaps();
        await Task.WhenAll(Enumerable.Range(0, cluster.Count).Select(cluster.KillAsync));
        for (var node = 0; node < cluster.Count; node++)
            cluster.Start(node);
        await cluster.WaitReadyAsync();
        await load.WaitServedAsync(Patience);
        _figures.Write($"kill -9 all, started again: longest gap {load.LongestGap.TotalMilliseconds:0} ms");
    }
}
