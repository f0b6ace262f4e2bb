using ShardStore.Balancer.Simulation;
using Xunit;

namespace ShardStore.Balancer.Tests.Simulation;

public class SimulatedClusterTests
{
    private const long NowMs = 1_700_000_000_000;

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void A_drawn_cluster_is_as_full_as_it_was_asked_to_be(double load)
    {
        var rules = SimulationRuns.Rules with { Load = load, CapacityRatio = 2 };
        var demand = ClusterDraw.Scale(SimulationRuns.Flat(10, 20, 30, 40, 50, 60, 70), rules);
        var design = ClusterDraw.Of(demand, rules, 7);
        var loads = new NodeLoads(design);
        loads.Fill(new SimulatedPlacement(design), OpsOf(demand), new double[design.Nodes]);
        Assert.Equal(load, loads.Cores.Sum() / design.CapacityCores.Sum(), 6);
        Assert.Equal(2, design.CapacityCores.Max() / design.CapacityCores.Min(), 6);
        Assert.InRange(design.CapacityCores.Average(), 0.5 * ClusterDraw.NodeCores, 2 * ClusterDraw.NodeCores);
    }

    [Fact]
    public void Shards_are_dealt_out_evenly_and_by_the_seed()
    {
        var demand = SimulationRuns.Flat([.. Enumerable.Repeat(10.0, 60)]);
        var placement = ClusterDraw.Of(demand, SimulationRuns.Rules, 1).Placement;
        Assert.All(placement, nodes => Assert.Equal(3, nodes.Distinct().Count()));
        Assert.All(placement.GroupBy(nodes => nodes[0]), led => Assert.Equal(10, led.Count()));
        Assert.All(placement.SelectMany(nodes => nodes).GroupBy(node => node), held => Assert.Equal(30, held.Count()));
        Assert.NotEqual(placement, ClusterDraw.Of(demand, SimulationRuns.Rules, 2).Placement);
    }

    [Fact]
    public void A_transfer_takes_as_long_as_its_bytes_and_stages_and_costs_both_ends()
    {
        var (design, placement, moves) = Cluster();
        var row = Row(design, MoveKind.ReplicaMove);
        moves.Start(row, opsPerSecond: 0, NowMs);
        var seconds = design.Shards[0].SizeBytes / 100e6;
        moves.Advance(NowMs, 60);
        Assert.Equal(0.25 * seconds / 60, moves.Cores[row.From.Value - 1], 6);
        Assert.Equal(0.25 * seconds / 60, moves.Cores[row.To.Value - 1], 6);
        var endMs = NowMs + (long)(1000 * (seconds + 5));
        moves.Settle(placement, endMs - 1);
        Assert.Contains(placement.Replicas(0), replica => replica.Node == row.From);
        moves.Settle(placement, endMs);
        Assert.DoesNotContain(placement.Replicas(0), replica => replica.Node == row.From);
        Assert.Equal(row.To.Value - 1, placement.Leader(0));
        Assert.Equal(design.Shards[0].SizeBytes, moves.BytesMoved, 1.0);
    }

    [Fact]
    public void Writes_during_a_transfer_are_sent_too()
    {
        var (design, _, moves) = Cluster();
        // Half of what the transfer may send is written meanwhile: twice as many bytes go.
        var ops = 50e6 / ShardTraits.BytesPerOp / (1 - design.Shards[0].ReadShare);
        moves.Start(Row(design, MoveKind.ReplicaMove), ops, NowMs);
        moves.Advance(NowMs, 600);
        Assert.Equal(2.0 * design.Shards[0].SizeBytes, moves.BytesMoved, 10.0);
    }

    [Fact]
    public void A_move_back_within_the_cool_down_counts_as_a_reversal_and_a_later_one_does_not()
    {
        var (design, placement, moves) = Cluster();
        var there = Row(design, MoveKind.LeaderTransfer);
        var back = there with { From = there.To, To = there.From };
        Carry(there, NowMs);
        Carry(back, NowMs + 60_000);
        Assert.Equal(1, moves.Reversals);
        Carry(there, NowMs + 60_000 + 700_000);
        Assert.Equal(1, moves.Reversals);
        Assert.Equal((3, 0), (moves.LeaderTransfers, moves.ReplicaMoves));
        Assert.Equal(0, moves.BytesMoved);

        void Carry(Recommendation row, long atMs)
        {
            moves.Start(row, 0, atMs);
            moves.Advance(atMs, 60);
            moves.Settle(placement, atMs + 60_000);
        }
    }

    [Fact]
    public void Work_beyond_capacity_waits_and_is_done_later()
    {
        var (design, placement, moves) = Cluster();
        var score = new ScoreKeeper(design, 0.8);
        var loads = new NodeLoads(design);
        Tick(1.5);
        var over = score.Finish(moves);
        Assert.Equal((6 * 60, 1.5), (over.BreachSeconds, Math.Round(over.UtilizationMax, 9)));
        // 30 s of work wait after a minute of half too much, 15 s on average; told to a bin of six hundredths.
        Assert.InRange(over.Ms99, 14_000, 16_000);
        Tick(0.2);
        var after = score.Finish(moves);
        Assert.Equal((6 * 60, 60), (after.BreachSeconds, after.ReliefSeconds));
        Assert.Equal(0.2, after.NodeHours, 9);

        void Tick(double utilization)
        {
            for (var node = 0; node < design.Nodes; node++)
            {
                loads.Cores[node] = utilization * design.CapacityCores[node];
                loads.Reads[node] = 100;
            }

            score.AddTick(placement, loads, 60);
        }
    }

    [Fact]
    public void When_a_leader_s_node_fails_a_follower_leads_and_the_replica_returns_as_a_follower()
    {
        var (design, placement, _) = Cluster();
        var node = design.Placement[0][0];
        placement.Apply(new ClusterEvent(0, ClusterEventKind.Fail, node));
        Assert.Equal(design.Placement[0][1], placement.Leader(0));
        Assert.Equal(NodeState.Down, placement.State(node));
        placement.Apply(new ClusterEvent(1, ClusterEventKind.Return, node));
        Assert.Equal(design.Placement[0][1], placement.Leader(0));
        Assert.Contains(placement.Replicas(0), replica => replica.Node == new NodeId(node + 1));
    }

    private static (ClusterDesign Design, SimulatedPlacement Placement, MovesUnderWay Moves) Cluster()
    {
        var demand = ClusterDraw.Scale(SimulationRuns.Flat(10, 20, 30, 40, 50, 60), SimulationRuns.Rules);
        var design = ClusterDraw.Of(demand, SimulationRuns.Rules, 1);
        return (design, new SimulatedPlacement(design), new MovesUnderWay(design, BalancingPolicy.Default));
    }

    /// <summary>From the leader of the first shard to its first follower, or to a node without a replica.</summary>
    private static Recommendation Row(ClusterDesign design, MoveKind kind)
    {
        var nodes = design.Placement[0];
        var to = kind == MoveKind.LeaderTransfer
            ? nodes[1]
            : Enumerable.Range(0, design.Nodes).First(node => !nodes.Contains(node));
        return new Recommendation
        {
            Shard = new ShardId(1),
            From = new NodeId(nodes[0] + 1),
            To = new NodeId(to + 1),
            Kind = kind,
            Cause = MoveCause.Overload,
            ExecuteAtMs = NowMs,
            ExpiresMs = NowMs,
            Urgency = default,
            Cost = default,
            Impact = default,
            PolicyVersion = 0,
            Strategy = "test",
            Explanation = "",
        };
    }

    private static double[] OpsOf(DemandTable demand) =>
        [.. Enumerable.Range(0, demand.Shards).Select(shard => demand.Ops(shard, 0))];
}
