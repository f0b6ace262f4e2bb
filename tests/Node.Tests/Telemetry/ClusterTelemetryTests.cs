using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class ClusterTelemetryTests
{
    private readonly ClusterTelemetry _telemetry = new();

    [Fact]
    public void Age_counts_from_the_sample_not_from_the_arrival()
    {
        _telemetry.Accept(Block(node: 2, sequence: 5, ageMs: 300), direct: true, nowMs: 10_000);
        Assert.Equal(300, _telemetry.Node(2)!.AgeMs(10_000));
        Assert.Equal(1300, _telemetry.Node(2)!.AgeMs(11_000));
    }

    [Fact]
    public void Blocks_on_consensus_frames_are_counted_and_own_samples_are_not()
    {
        _telemetry.Accept(Block(2, 5), direct: true, nowMs: 0);
        _telemetry.Accept(Block(2, 6), direct: true, nowMs: 1000);
        _telemetry.AcceptOwn(new NodeUtilization(1, 1), [], nowMs: 1000);
        Assert.Equal(2, _telemetry.Node(2)!.InConsensusFrames);
        Assert.Equal(0, _telemetry.Node(1)!.InConsensusFrames);
    }

    [Fact]
    public void A_relayed_block_never_replaces_a_newer_one()
    {
        _telemetry.Accept(Block(2, 6), direct: true, nowMs: 0);
        Assert.False(_telemetry.Accept(Block(2, 5), direct: false, nowMs: 100));
        Assert.False(_telemetry.Accept(Block(2, 6), direct: false, nowMs: 100));
        Assert.True(_telemetry.Accept(Block(2, 7), direct: false, nowMs: 100));
    }

    [Fact]
    public void A_restarted_node_whose_clock_went_back_is_believed_when_it_speaks_itself()
    {
        _telemetry.Accept(Block(2, 600), direct: true, nowMs: 0);
        Assert.True(_telemetry.Accept(Block(2, 10), direct: true, nowMs: 100));
        Assert.Equal(10u, _telemetry.Node(2)!.Utilization.Sequence);
    }

    [Fact]
    public void The_youngest_demand_of_a_shard_wins()
    {
        _telemetry.Accept(Block(2, 1, ageMs: 0, new ShardDemand(9, 100, 0)), direct: true, nowMs: 5000);
        _telemetry.Accept(Block(3, 1, ageMs: 4000, new ShardDemand(9, 5, 0)), direct: true, nowMs: 6000);
        Assert.Equal((2, 100f), (_telemetry.Demand(9)!.Node, _telemetry.Demand(9)!.Demand.ReadsPerSecond));
    }

    [Fact]
    public void Relays_leave_out_the_receiver_and_what_is_too_old()
    {
        foreach (var (node, nowMs) in new[] { (1, 0L), (2, 9000L), (3, 9500L) })
            _telemetry.Accept(Block(node, 1), direct: true, nowMs);
        var relayed = Assert.Single(_telemetry.ToRelay(exceptNode: 3, nowMs: 10_000, ageMsMax: 5000));
        Assert.Equal((2, 1000u), (relayed.Node.Node, relayed.AgeMs));
    }

    [Fact]
    public void Unknown_node_numbers_cannot_fill_the_memory()
    {
        for (var node = 0; node < 5000; node++)
            _telemetry.Accept(Block(node, 1), direct: true, nowMs: 0);
        Assert.Equal(ClusterTelemetry.NodesMax, _telemetry.Nodes().Count);
    }

    [Fact]
    public void Deltas_send_what_changed_at_once_and_the_rest_now_and_then()
    {
        var deltas = new DemandDeltas();
        ShardDemand[] led = [new(1, 100, 0), new(2, 100, 0)];
        Assert.Equal(2, deltas.Choose(led, 0).Length);
        led[1] = new(2, 120, 0);
        Assert.Equal([2], deltas.Choose(led, 1000).Select(demand => demand.ShardId));
        Assert.Equal([1], deltas.Choose(led, 10_000).Select(demand => demand.ShardId));
    }

    [Fact]
    public void No_led_shard_starves_when_a_block_cannot_hold_all()
    {
        var deltas = new DemandDeltas();
        var seen = new HashSet<int>();
        for (var second = 0; second < 4; second++)
        {
            var led = Enumerable.Range(1, 200).Select(id => new ShardDemand(id, 100 + (second * 50), 0)).ToArray();
            var chosen = deltas.Choose(led, second * 1000);
            Assert.Equal(UtilizationBlock.DemandsMax, chosen.Length);
            seen.UnionWith(chosen.Select(demand => demand.ShardId));
        }
        Assert.Equal(200, seen.Count);
    }

    private static UtilizationBlock Block(int node, uint sequence, uint ageMs = 0, params ShardDemand[] demands) =>
        new(new NodeUtilization(node, sequence), ageMs, demands);
}
