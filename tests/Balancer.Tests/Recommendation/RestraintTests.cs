using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>When nothing should move, and the reason that is given.</summary>
public class RestraintTests
{
    private static RejectionReason[] Reasons(Decision decision) =>
        [.. decision.Rejections.Select(count => count.Reason)];

    private static TestCluster Overloaded(int nodes = 3) => new TestCluster().AddNodes(nodes)
        .AddShard(0.5, [1, 2, 3], TestCluster.Flat(0.5)).AddShard(0.4, [1, 2, 3], TestCluster.Flat(0.4));

    [Fact]
    public void Noise_around_a_safe_level_moves_nothing()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var cluster = new TestCluster().AddNodes(3);
            for (var shard = 0; shard < 12; shard++)
            {
                var node = shard % 3;
                var level = 0.15 * (1 + (0.2 * (random.NextDouble() - 0.5)));
                int[] replicas = [node + 1, ((node + 1) % 3) + 1, ((node + 2) % 3) + 1];
                cluster.AddShard(level, replicas, TestCluster.Flat(0.15, 0.03));
            }
            Assert.True(cluster.Decide().Recommendations.IsEmpty, $"seed {seed}");
        }
    }

    [Fact]
    public void One_shard_that_is_the_whole_load_is_not_moved_but_named_in_advice()
    {
        var cluster = new TestCluster().AddNodes(4).AddShard(0.95, [1, 2, 3], TestCluster.Ramp(0.95, 1.2));

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.Contains(RejectionReason.OneShardIsTheLoad, Reasons(decision));
        var advice = Assert.Single(decision.Advice);
        Assert.Equal((AdviceKind.SpreadShard, new ShardId(1)), (advice.Kind, advice.Shard!.Value));
        Assert.True(advice.ExcessOpsPerSecond > 0);
    }

    [Fact]
    public void With_no_room_anywhere_the_reason_and_the_advice_say_so()
    {
        var cluster = new TestCluster().AddNodes(3);
        for (var node = 1; node <= 3; node++)
        {
            int[] replicas = [node, (node % 3) + 1, ((node + 1) % 3) + 1];
            cluster.AddShard(0.45, replicas, TestCluster.Flat(0.45)).AddShard(0.45, replicas, TestCluster.Flat(0.45));
        }

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.Contains(RejectionReason.GapTooSmall, Reasons(decision));
        Assert.Contains(decision.Advice, advice => advice.Kind == AdviceKind.AddCapacity);
        Assert.Contains("GapTooSmall", decision.WhyNothing);
    }

    [Theory]
    [InlineData(0.1, 0.2, false)]
    [InlineData(0.1, 0.1, true)]
    public void A_node_hardly_above_the_mean_of_all_does_not_pass_its_load_around(
        double above, double tolerance, bool moves)
    {
        const int shards = 40;
        var policy = BalancingPolicy.Default;
        var cluster = new TestCluster().AddNodes(5);
        cluster.Policy = policy with { Triggers = policy.Triggers with { MeanTolerance = tolerance } };
        for (var node = 1; node <= 5; node++)
        {
            int[] replicas = [node, (node % 5) + 1, ((node + 1) % 5) + 1];
            var level = (0.66 + (node == 1 ? above : 0)) / shards;
            for (var shard = 0; shard < shards; shard++)
                cluster.AddShard(level, replicas, TestCluster.Flat(level, 0.00245));
        }

        Assert.Equal(moves, !cluster.Decide().Recommendations.IsEmpty);
    }

    [Fact]
    public void A_target_that_would_breach_by_its_own_forecast_is_passed_over()
    {
        var cluster = Overloaded().AddShard(0.1, [2, 1, 3], TestCluster.Ramp(0.1, 0.75));

        var row = Assert.Single(cluster.Decide().Recommendations);

        Assert.Equal(new NodeId(3), row.To);
    }

    [Fact]
    public void A_move_in_flight_is_not_proposed_again_and_counts_at_its_target()
    {
        var cluster = Overloaded();
        var first = Assert.Single(cluster.Decide().Recommendations);
        cluster.InFlight.Add(new MoveInFlight(first.Shard, first.From, first.To, first.Kind, TestCluster.NowMs));

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.True(decision.Outlooks.All(outlook => outlook.PeakFraction < 0.8));
    }

    [Fact]
    public void A_finished_move_is_followed_by_rest_of_the_shard_and_of_its_source()
    {
        var cluster = Overloaded();
        cluster.Policy = cluster.Policy with { Limits = cluster.Policy.Limits with { SettleSeconds = 0 } };
        foreach (var shard in new[] { 1, 2 })
        {
            cluster.Recent.Add(new FinishedMove(
                new ShardId(shard), new NodeId(2), new NodeId(1), MoveKind.ReplicaMove, TestCluster.NowMs - 1000));
        }

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.Equal([RejectionReason.CoolingDown], Reasons(decision));
        Assert.Empty(decision.Advice);
    }

    [Fact]
    public void A_shard_does_not_go_back_where_it_came_from_long_after_its_cool_down()
    {
        var cluster = Overloaded();
        foreach (var shard in new[] { 1, 2 })
        {
            var endedMs = TestCluster.NowMs - 200_000;
            cluster.Recent.Add(new FinishedMove(
                new ShardId(shard), new NodeId(2), new NodeId(1), MoveKind.LeaderTransfer, endedMs));
        }

        var decision = cluster.Decide();

        Assert.Contains(RejectionReason.WouldReverse, Reasons(decision));
        Assert.All(decision.Recommendations, row => Assert.Equal(new NodeId(3), row.To));
    }

    [Fact]
    public void Pinned_shards_stay()
    {
        var cluster = Overloaded();
        cluster.Policy = cluster.Policy with { PinnedShards = [1, 2] };

        Assert.Empty(cluster.Decide().Recommendations);
        Assert.Equal([RejectionReason.ShardPinned], Reasons(cluster.Decide()));
    }

    [Fact]
    public void Draining_and_lost_nodes_receive_nothing()
    {
        var cluster = Overloaded()
            .ChangeNode(2, node => node with { State = NodeState.Draining })
            .ChangeNode(3, node => node with { State = NodeState.Down });

        Assert.Empty(cluster.Decide().Recommendations);
        Assert.Contains(RejectionReason.TargetNotActive, Reasons(cluster.Decide()));
    }

    [Fact]
    public void With_a_voter_lost_no_live_replica_moves()
    {
        var cluster = Overloaded(5)
            .ChangeNode(2, node => node with { State = NodeState.Down })
            .ChangeNode(3, node => node with { State = NodeState.Draining });

        Assert.Empty(cluster.Decide().Recommendations);
        Assert.Contains(RejectionReason.QuorumAtRisk, Reasons(cluster.Decide()));
    }

    [Fact]
    public void A_move_keeps_the_number_of_zones()
    {
        var cluster = new TestCluster().AddNodes(5, zonePrefix: "z")
            .ChangeNode(4, node => node with { Zone = "z2" })
            .ChangeNode(5, node => node with { Zone = "z1" })
            .AddShard(0.45, [1, 2, 3], TestCluster.Flat(0.45)).AddShard(0.45, [1, 2, 3], TestCluster.Flat(0.45))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7)).AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7));

        var decision = cluster.Decide();

        Assert.Contains(RejectionReason.ZoneSpreadLost, Reasons(decision));
        Assert.Equal(new NodeId(5), Assert.Single(decision.Recommendations).To);
    }

    [Fact]
    public void A_full_disk_takes_no_shard()
    {
        var cluster = Overloaded(4)
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7)).AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7))
            .ChangeNode(4, node => node with
            {
                Used = new ResourceAmounts(0, 0, 84e6, 0),
                Utilization = new ResourceFractions(0, 0, 0.84, 0),
            });

        Assert.Empty(cluster.Decide().Recommendations);
        Assert.Contains(RejectionReason.TargetDiskFull, Reasons(cluster.Decide()));
    }

    [Fact]
    public void A_level_without_history_is_not_acted_on_unless_measured_samples_agree()
    {
        var young = TestCluster.Flat(0.9) with { State = ForecastState.NotEnoughHistory };
        var cluster = new TestCluster().AddNodes(3).AddShard(0.5, [1, 2, 3], young).AddShard(0.4, [1, 2, 3], young);
        Assert.Single(cluster.Decide().Recommendations);

        cluster.ChangeNode(1, node => node with { RecentCpu = [0.9, 0.9] });
        Assert.Empty(cluster.Decide().Recommendations);
    }

    [Fact]
    public void Off_shows_the_outlook_and_moves_nothing()
    {
        var cluster = Overloaded();
        cluster.Policy = cluster.Policy with { Mode = BalancerMode.Off };

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.True(decision.Outlooks[0].PeakFraction > 0.8);
        Assert.Equal("The balancer is off.", decision.WhyNothing);
    }

    [Fact]
    public void A_snapshot_that_contradicts_itself_is_refused_by_name()
    {
        var cluster = Overloaded().ChangeShard(2, shard => shard with { Leader = new NodeId(9) });

        var error = Assert.Throws<ArgumentException>(() => cluster.Decide());
        Assert.Contains("shard 2 is led by node 9", error.Message);
    }
}
