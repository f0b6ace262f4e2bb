using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Life;

/// <summary>Planned stops: what an upgrade or a machine's maintenance is to clients.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int StayingKeys = 600;
    private static readonly ClusterShape Shape = new() { Shards = 6, OnDisk = true };
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task Every_node_is_stopped_and_started_in_turn_and_no_call_fails()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        await using var client = await ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = cluster.Endpoints });
        foreach (var written in await client.SetManyAsync(
            [.. Enumerable.Range(0, StayingKeys).Select(i => KeyValuePair.Create((KvBytes)$"stay:{i}", (KvBytes)"v"))]))
            Assert.True(written.EnsureDone());
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, new LoadShape { Shards = Shape.Shards });
        for (var node = 0; node < cluster.Count; node++)
        {
            await load.WaitServedAsync(Patience);
            load.ResetGaps();
            await ScanWhileAsync(client, () => cluster.StopAsync(node));
            await load.WaitServedAsync(Patience);
            cluster.Start(node);
            await cluster.WaitReadyAsync();
            await load.WaitServedAsync(Patience);
            _figures.Write($"n{node + 1} stopped and started: longest gap {load.LongestGap.TotalMilliseconds:0} ms");
        }
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        _figures.Write($"rolling restart: {counts}, {load.KeysWritten} keys read back, {lost.Count} lost");
        Assert.Empty(lost);
        Assert.True(counts is { Unknown: 0, NotDone: 0, FailedReads: 0 }, string.Join('\n', load.Problems));
        Assert.True(counts.Acknowledged > 300, counts.ToString());
    }

    /// <summary>A scan that has begun goes on at the nodes that took over.</summary>
    private static async Task ScanWhileAsync(ShardStoreClient client, Func<Task> stop)
    {
        var seen = new HashSet<string>();
        await using var scan = client.ScanAsync(new ScanOptions { Pattern = "stay:*", PageSize = 20 })
            .GetAsyncEnumerator();
        Assert.True(await scan.MoveNextAsync());
        seen.Add(scan.Current.ToString());
        await stop();
        while (await scan.MoveNextAsync())
            seen.Add(scan.Current.ToString());
        Assert.Equal(StayingKeys, seen.Count);
    }

    [Fact]
    public async Task All_nodes_are_stopped_at_once_under_load_and_come_back_with_everything()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape);
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, new LoadShape { Shards = Shape.Shards });
        await load.WaitOperationsAsync(300, Patience);
        load.ResetGaps();
        // Nobody is left to hand a leadership to: a drain must end all the same, and well.
        await Task.WhenAll(Enumerable.Range(0, cluster.Count).Select(cluster.StopAsync));
        for (var node = 0; node < cluster.Count; node++)
            cluster.Start(node);
        await cluster.WaitReadyAsync();
        await load.WaitServedAsync(Patience);
        var gap = load.LongestGap;
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        _figures.Write($"all stopped at once and started: longest gap {gap.TotalMilliseconds:0} ms, {counts}, "
            + $"{load.KeysWritten} keys read back, {lost.Count} lost");
        Assert.Empty(lost);
    }
}
