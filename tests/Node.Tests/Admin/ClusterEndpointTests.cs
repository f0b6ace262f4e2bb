using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Tests.Admin;

public sealed class ClusterEndpointTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_cluster_that_serves_everything_is_ok()
    {
        var view = await _bench.GetAsync("/api/v1/cluster", AdminJson.Default.ClusterView);
        Assert.Equal(("ok", "n1", "n1"), (view.State, view.Node, view.MetaLeader));
        Assert.Empty(view.Reasons);
        Assert.Equal((4, 4, 8, 0, 3), (
            view.NodeCount, view.NodesUp, view.ShardCount, view.ShardsWithoutLeader, view.ReplicasPerShard));
        Assert.Equal("predictive", view.BalancerMode);
        Assert.Equal(3_600, view.OpsPerSecond);
    }

    [Fact]
    public async Task A_silent_node_makes_its_shards_unavailable_and_says_why()
    {
        _cluster.Pass(11, heard: [1, 2, 3]);
        var view = await _bench.GetAsync("/api/v1/cluster", AdminJson.Default.ClusterView);
        Assert.Equal(("unavailable", 3, 2), (view.State, view.NodesUp, view.ShardsWithoutLeader));
        Assert.Contains("n4 is down", view.Reasons);
        var alerts = await _bench.GetAsync("/api/v1/alerts", AdminJson.Default.IReadOnlyListAlertView);
        Assert.Contains(alerts, alert => alert is { Kind: "nodeDown", Node: "n4", Severity: "error" });
        Assert.Equal(2, alerts.Count(alert => alert.Kind == "shardWithoutLeader"));
        Assert.Equal(3, view.AlertsActive);
    }

    [Fact]
    public async Task A_node_that_others_took_over_from_only_degrades_the_cluster()
    {
        _cluster.Pass(11, heard: [1, 2, 3]);
        _cluster.Apply(new ReportLeaders([.. _cluster.State.Shards.Values
            .Where(shard => shard.LeaderNode == 4)
            .Select(shard => new LeaderReport(shard.Id, 1, 9))]));
        var view = await _bench.GetAsync("/api/v1/cluster", AdminJson.Default.ClusterView);
        Assert.Equal("degraded", view.State);
        Assert.Equal(["n4 is down"], view.Reasons);
    }

    [Fact]
    public async Task An_alert_keeps_the_time_it_began()
    {
        _cluster.LeaderNode = 0;
        var first = await _bench.GetAsync("/api/v1/alerts", AdminJson.Default.IReadOnlyListAlertView);
        _cluster.WallMs += 5_000;
        var second = await _bench.GetAsync("/api/v1/alerts", AdminJson.Default.IReadOnlyListAlertView);
        Assert.Equal("noController", Assert.Single(second).Kind);
        Assert.Equal(first[0].SinceUnixMs, second[0].SinceUnixMs);
    }

    [Fact]
    public async Task Nodes_carry_their_utilization_and_its_age()
    {
        _cluster.MonotonicMicros += 1_500_000;
        var nodes = await _bench.GetAsync("/api/v1/nodes", AdminJson.Default.IReadOnlyListNodeView);
        Assert.Equal(["n1", "n2", "n3", "n4"], nodes.Select(node => node.Name));
        Assert.Equal([true, false, false, false], nodes.Select(node => node.IsMetaLeader));
        Assert.Equal((0.25, 1_500), (nodes[1].Utilization!.CpuShare, nodes[1].Utilization!.AgeMs));
        Assert.Equal((0, 1), (nodes[0].InConsensusFrames, nodes[1].InConsensusFrames));
        Assert.Equal((2, 6), (nodes[1].ShardsLed, nodes[1].ReplicasHeld));
        var one = await _bench.GetAsync("/api/v1/nodes/n3", AdminJson.Default.NodeView);
        Assert.Equal(3, one.Number);
    }

    [Fact]
    public async Task An_unknown_node_is_told_the_known_ones()
    {
        var problem = await _bench.RefusedAsync(HttpMethod.Get, "/api/v1/nodes/n9");
        Assert.Equal((404, "urn:shardstore:unknown-node"), (problem.Status, problem.Type));
        Assert.Equal("node 'n9': is not a node; nodes are n1, n2, n3, n4", problem.Detail);
    }

    [Fact]
    public async Task Shards_carry_leader_copies_and_demand()
    {
        var shards = await _bench.GetAsync("/api/v1/shards", AdminJson.Default.IReadOnlyListShardView);
        Assert.Equal(Enumerable.Range(1, 8), shards.Select(shard => shard.Id));
        Assert.Equal((0, 16383), (shards[0].FirstSlot, shards[^1].LastSlot));
        Assert.Equal(("n3", 3), (shards[2].Leader, shards[2].LeaderTerm));
        Assert.Equal(["n3", "n4", "n1"], shards[2].Replicas.Select(replica => replica.Node));
        Assert.Equal(300, shards[2].Demand!.ReadsPerSecond);
    }

    [Fact]
    public async Task A_drained_node_can_be_taken_back()
    {
        using (var drained = await _bench.SendAsync(HttpMethod.Post, "/api/v1/nodes/n2/drain"))
            Assert.True(drained.IsSuccessStatusCode);
        var view = await _bench.GetAsync("/api/v1/nodes/n2", AdminJson.Default.NodeView);
        Assert.Equal("draining", view.State);
        using (var back = await _bench.SendAsync(HttpMethod.Delete, "/api/v1/nodes/n2/drain"))
            Assert.True(back.IsSuccessStatusCode);
        view = await _bench.GetAsync("/api/v1/nodes/n2", AdminJson.Default.NodeView);
        Assert.Equal("active", view.State);
        Assert.Equal(404, (await _bench.RefusedAsync(HttpMethod.Post, "/api/v1/nodes/n0/drain")).Status);
    }

    [Fact]
    public async Task Events_are_read_on_from_a_sequence_number()
    {
        _cluster.Apply(new RecordEvent("note", "hello"));
        var all = await _bench.GetAsync("/api/v1/events", AdminJson.Default.IReadOnlyListEventView);
        Assert.Equal(["founded", "note"], all.Select(happened => happened.Kind));
        var after = await _bench.GetAsync(
            $"/api/v1/events?after={all[0].Sequence}", AdminJson.Default.IReadOnlyListEventView);
        Assert.Equal("hello", Assert.Single(after).Text);
        var problem = await _bench.RefusedAsync(HttpMethod.Get, "/api/v1/events?after=-1");
        Assert.Equal((400, "after '-1': must be a whole number from 0"), (problem.Status, problem.Detail));
    }
}
