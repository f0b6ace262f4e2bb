using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>What the planner keeps up to date move by move is what it would be if it were made anew.</summary>
public class PlanStateTests
{
    private static readonly RiskRules s_rules = RiskRules.From(BalancingPolicy.Default.Triggers);

    [Fact]
    public void After_many_moves_targets_stand_in_the_order_of_their_load_at_every_step()
    {
        var random = new Random(3);
        var state = StateOf(LargeSnapshots.Build(40, 800, 5, 0.5, 0.9));
        var order = new TargetOrder(state, seed: 9);
        for (var round = 0; round < 200; round++)
        {
            state.Apply(AnyMove(state, random));
            var step = random.Next(state.Grid.Steps);
            var kept = order.At(step).ToArray();
            Assert.Equal(new TargetOrder(state, seed: 9).At(step).ToArray(), kept);
            Assert.Equal(Enumerable.Range(0, 40), kept.Order());
            var loads = Array.ConvertAll(kept, node => state.Curves[node].Fraction(step, 0, 0));
            Assert.Equal(loads.Order(), loads);
            int[] some = [5, 17, 0, 39];
            order.Sort(some, step);
            Assert.Equal(kept.Where(some.Contains), some);
        }
    }

    [Fact]
    public void Nodes_that_are_exactly_alike_are_ordered_by_the_seed()
    {
        var cluster = new TestCluster().AddNodes(20);
        var first = new TargetOrder(StateOf(cluster.Snapshot()), seed: 1).At(0).ToArray();
        var other = new TargetOrder(StateOf(cluster.Snapshot()), seed: 2).At(0).ToArray();
        Assert.NotEqual(first, other);
        Assert.Equal(first.Order(), other.Order());
    }

    [Fact]
    public void A_risk_asked_for_again_is_that_of_the_node_as_it_is_now()
    {
        var random = new Random(4);
        var state = StateOf(LargeSnapshots.Build(12, 200, 3, 0.5, 0.9));
        for (var round = 0; round < 100; round++)
        {
            var move = AnyMove(state, random);
            var change = state.SourceChange(move);
            var (before, expected) = (Risk(change), Risk(CostChange.None));
            Assert.Equal(before, Risk(change));
            Assert.Equal(expected, Risk(CostChange.None));
            state.Apply(move);
            // As if the change had been applied already: equal but for the order of additions.
            Assert.Equal(before.Overload, Risk(CostChange.None).Overload, 6);
            Assert.Equal(before.PeakAct, Risk(CostChange.None).PeakAct, 9);

            NodeRisk Risk(CostChange asked) => state.Curves[move.From].Risk(s_rules, asked);
        }
    }

    [Fact]
    public void Replicas_leaders_and_lists_agree_after_many_moves()
    {
        var random = new Random(5);
        var state = StateOf(LargeSnapshots.Build(15, 150, 3, 0.5, 0.9));
        for (var round = 0; round < 500; round++)
            state.Apply(AnyMove(state, random));
        for (var shard = 0; shard < 150; shard++)
        {
            var holders = state.Replicas(shard).ToArray().Select(replica => replica.Node).ToArray();
            Assert.Equal(3, holders.Distinct().Count());
            Assert.Contains(state.Leader(shard), holders);
            var lists = Enumerable.Range(0, 15).Where(node => state.ShardsOf(node).Contains(shard));
            Assert.Equal(holders.Order(), lists);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void Nodes_are_found_by_ids_near_and_far(int stride)
    {
        var nodes = Enumerable.Range(1, 30)
            .Select(i => new NodeLoad { Id = new NodeId(i * stride), CapacityCores = 1 }).ToArray();
        var index = new NodeIndex(nodes);
        for (var i = 0; i < nodes.Length; i++)
            Assert.True(index.TryAdd(nodes[i].Id, i));
        Assert.False(index.TryAdd(nodes[7].Id, 9));
        Assert.True(index.TryFind(nodes[7].Id, out var place));
        Assert.Equal(7, place);
        foreach (var id in new[] { -1, 0, (30 * stride) + 1, int.MaxValue })
            Assert.False(index.TryFind(new NodeId(id), out _), $"node {id}");
    }

    private static PlanState StateOf(ClusterSnapshot snapshot)
    {
        var (nodes, shards) = (snapshot.Nodes.ToArray(), snapshot.Shards.ToArray());
        var state = new PlanState(nodes, shards, DemandGrid.FromForecasts(shards, 3600), snapshot.Costs);
        state.Measure(new HashSet<NodeId>());
        return state;
    }

    private static MoveCandidate AnyMove(PlanState state, Random random)
    {
        var shard = random.Next(state.Shards.Length);
        var leader = state.Leader(shard);
        if (random.Next(2) == 0)
        {
            var followers = state.Replicas(shard).ToArray().Where(replica => replica.Node != leader).ToArray();
            return new MoveCandidate(
                shard, leader, followers[random.Next(followers.Length)].Node, MoveKind.LeaderTransfer);
        }
        var target = random.Next(state.Nodes.Length);
        while (state.Holds(target, shard))
            target = random.Next(state.Nodes.Length);
        return new MoveCandidate(
            shard, state.Replicas(shard)[random.Next(3)].Node, target, MoveKind.ReplicaMove);
    }
}
