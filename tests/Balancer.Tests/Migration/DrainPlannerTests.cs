using Xunit;

namespace ShardStore.Balancer.Tests;

public class DrainPlannerTests
{
    private static TestCluster Draining(int shards = 6)
    {
        var cluster = new TestCluster().AddNodes(5).ChangeNode(1, node => node with { State = NodeState.Draining });
        for (var i = 0; i < shards; i++)
            cluster.AddShard(0.05, i % 2 == 0 ? [1, 2, 3] : [4, 1, 5], TestCluster.Flat(0.05));
        return cluster;
    }

    [Fact]
    public void A_drain_is_planned_shard_by_shard_within_the_limits()
    {
        var decision = Draining().Decide();

        Assert.Equal(BalancingPolicy.Default.Limits.ReplicaMovesPerNodeMax, decision.Recommendations.Length);
        Assert.All(
            decision.Recommendations, row => Assert.Equal((MoveCause.Drain, new NodeId(1)), (row.Cause, row.From)));
        Assert.All(decision.Recommendations, row => Assert.Equal(TestCluster.NowMs, row.ExecuteAtMs));
        Assert.Contains(decision.Rejections, count => count.Reason == RejectionReason.NodeMovesAtLimit);
    }

    [Fact]
    public void Round_after_round_the_node_becomes_empty()
    {
        var snapshot = Draining().Snapshot();
        for (var round = 0; round < 6; round++)
        {
            var rows = Planner.Decide(snapshot, TestCluster.NowMs, 1).Recommendations;
            snapshot = Placements.Remeasure(rows.Aggregate(snapshot, Placements.CarryOut));
        }
        Assert.DoesNotContain(snapshot.Shards, shard => shard.Replicas.Any(replica => replica.Node == new NodeId(1)));
        Assert.Empty(Planner.Decide(snapshot, TestCluster.NowMs, 1).Recommendations);
    }

    [Fact]
    public void A_dead_node_that_is_to_leave_is_emptied_too_and_one_that_is_only_dead_is_not()
    {
        var dead = Draining().ChangeNode(1, node => node with { State = NodeState.Down });
        Assert.Empty(dead.Decide().Recommendations);

        dead.ChangeNode(1, node => node with { IsLeaving = true });
        Assert.NotEmpty(dead.Decide().Recommendations);
        Assert.All(dead.Decide().Recommendations, row => Assert.Equal(new NodeId(1), row.From));
    }

    [Fact]
    public void A_drain_may_send_a_shard_back_to_where_it_has_just_come_from()
    {
        var cluster = new TestCluster().AddNodes(4).AddShard(0.1, [2, 3, 1])
            .ChangeNode(1, node => node with { State = NodeState.Draining });
        cluster.Recent.Add(new FinishedMove(
            new ShardId(1), new NodeId(4), new NodeId(1), MoveKind.ReplicaMove, TestCluster.NowMs - 1000));

        var row = Assert.Single(cluster.Decide().Recommendations);

        Assert.Equal((new NodeId(1), new NodeId(4)), (row.From, row.To));
    }

    [Fact]
    public void A_drain_goes_on_while_the_balancer_is_off_but_not_in_quiet_hours()
    {
        var cluster = Draining();
        cluster.Policy = cluster.Policy with { Mode = BalancerMode.Off };
        Assert.NotEmpty(cluster.Decide().Recommendations);

        cluster.Policy = cluster.Policy with { QuietHours = [new QuietWindow(0, 1439), new QuietWindow(1439, 0)] };
        var decision = cluster.Decide();
        Assert.Empty(decision.Recommendations);
        Assert.Contains(decision.Rejections, count => count.Reason == RejectionReason.QuietHours);
    }
}
