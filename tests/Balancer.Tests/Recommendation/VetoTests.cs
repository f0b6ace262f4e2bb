using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>A shard that an operator wants to stay, and what a round says of shards that are not moved.</summary>
public class VetoTests
{
    /// <summary>Node 1 leads two shards that could go and is over its threshold.</summary>
    private static TestCluster Crowded() => new TestCluster().AddNodes(3)
        .AddShard(0.35, [1, 2, 3]).AddShard(0.3, [1, 2, 3]).AddShard(0.3, [1, 2, 3]).AddShard(0.1, [2, 3, 1]);

    [Fact]
    public void A_vetoed_shard_stays_and_another_goes_instead()
    {
        var free = Crowded().Decide();
        var chosen = Assert.Single(free.Recommendations).Shard;

        var decision = Planner.Decide(Crowded().Snapshot() with { VetoedShards = [chosen] }, TestCluster.NowMs, 1);

        Assert.NotEqual(chosen, Assert.Single(decision.Recommendations).Shard);
        var refusal = decision.Refusals.Single(refusal => refusal.Shard == chosen);
        Assert.Equal(RejectionReason.Vetoed, refusal.Reason);
        Assert.Contains(decision.Rejections, count => count is { Reason: RejectionReason.Vetoed, Count: > 0 });
    }

    [Fact]
    public void With_all_that_could_go_vetoed_it_waits_instead_of_asking_for_nodes()
    {
        var vetoed = Planner.Decide(
            Crowded().Snapshot() with { VetoedShards = [new(1), new(2), new(3), new(4)] }, TestCluster.NowMs, 1);
        Assert.Empty(vetoed.Recommendations);
        Assert.Empty(vetoed.Advice);
        Assert.Contains("Vetoed", vetoed.WhyNothing);
    }

    [Fact]
    public void A_drain_goes_before_a_veto()
    {
        var cluster = Crowded().AddNodes(1).ChangeNode(1, node => node with { State = NodeState.Draining });
        var decision = Planner.Decide(
            cluster.Snapshot() with { VetoedShards = [new(1), new(2), new(3), new(4)] }, TestCluster.NowMs, 1);
        Assert.NotEmpty(decision.Recommendations);
        Assert.All(decision.Recommendations, row => Assert.Equal(MoveCause.Drain, row.Cause));
    }

    [Fact]
    public void Each_shard_that_was_weighed_has_the_refusal_that_came_nearest_to_a_move()
    {
        // Moves and cool-downs end long before anything is refused for its load.
        var cluster = Crowded();
        cluster.Recent.Add(new FinishedMove(
            new ShardId(2), new NodeId(2), new NodeId(1), MoveKind.LeaderTransfer, TestCluster.NowMs - 30_000));
        var decision = cluster.Decide();
        var moved = decision.Recommendations.Select(row => row.Shard).ToHashSet();
        Assert.Equal(decision.Refusals.Select(refusal => refusal.Shard).Distinct().Order(),
            decision.Refusals.Select(refusal => refusal.Shard));
        Assert.DoesNotContain(decision.Refusals, refusal => moved.Contains(refusal.Shard));
        Assert.Equal(
            RejectionReason.CoolingDown, decision.Refusals.Single(refusal => refusal.Shard == new ShardId(2)).Reason);
    }

    [Theory]
    // Shard 3 is as big as shard 2 and was proposed before.
    [InlineData(0.3, false, true)]
    [InlineData(0.3, true, true)]
    // By now it brings far less: only somebody's word keeps it.
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, true)]
    public void What_was_proposed_before_stays_unless_another_is_much_better(
        double cores, bool isApproved, bool isKept)
    {
        TestCluster Busy() => new TestCluster().AddNodes(3).AddShard(0.3, [1, 2, 3]).AddShard(0.3, [1, 2, 3])
            .AddShard(cores, [1, 2, 3]).AddShard(0.3, [1, 2, 3]).AddShard(0.05, [2, 3, 1]);
        var kept = new KeptProposal(new ShardId(3), new NodeId(1), new NodeId(2), MoveKind.LeaderTransfer, isApproved);
        var without = Busy().Decide().Recommendations.Select(row => (row.Shard, row.To));
        Assert.DoesNotContain((kept.Shard, kept.To), without);

        var rows = Planner.Decide(Busy().Snapshot() with { Kept = [kept] }, TestCluster.NowMs, 1).Recommendations;

        Assert.Equal(isKept, rows.Any(row => (row.Shard, row.To) == (kept.Shard, kept.To)));
    }

    [Fact]
    public void What_may_not_be_is_not_kept_either()
    {
        var kept = new KeptProposal(new ShardId(1), new NodeId(1), new NodeId(3), MoveKind.LeaderTransfer, true);
        var gone = kept with { Shard = new ShardId(99) };
        var snapshot = Crowded().Snapshot() with { Kept = [kept, gone], VetoedShards = [kept.Shard] };
        Assert.DoesNotContain(
            Planner.Decide(snapshot, TestCluster.NowMs, 1).Recommendations, row => row.Shard == kept.Shard);
    }
}
