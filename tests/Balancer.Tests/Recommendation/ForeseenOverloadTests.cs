using Xunit;

namespace ShardStore.Balancer.Tests;

public class ForeseenOverloadTests
{
    private const long MinuteMs = 60_000;

    /// <summary>Node 1 leads a shard that grows from 0.3 to 0.7 beside one of 0.3: over 0.8 after some 30 minutes.
    /// </summary>
    private static TestCluster Ramping(int nodes) => new TestCluster()
        .AddNodes(nodes)
        .AddShard(0.3, [1, 2, 3], TestCluster.Ramp(0.3, 0.7, 0.02))
        .AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3, 0.01))
        .AddShard(0.2, [2, 3, 1], TestCluster.Flat(0.2))
        .AddShard(0.1, [3, 1, 2], TestCluster.Flat(0.1));

    [Fact]
    public void A_ramp_is_seen_before_it_hurts_and_answered_with_a_leader_transfer()
    {
        var decision = Ramping(3).Decide();

        var row = Assert.Single(decision.Recommendations);
        Assert.Equal(MoveKind.LeaderTransfer, row.Kind);
        Assert.Equal(MoveCause.ForecastOverload, row.Cause);
        Assert.Equal((new NodeId(1), new NodeId(3)), (row.From, row.To));
        Assert.True(row.BreachMsP90 <= row.BreachMsP50);
        Assert.InRange(row.BreachMsP50!.Value - TestCluster.NowMs, 25 * MinuteMs, 35 * MinuteMs);
        Assert.True(row.EndsInTime);
        Assert.True(row.ExecuteAtMs + (row.Cost.Seconds * 1000) <= row.BreachMsP90, "it must end before the breach");
        Assert.True(row.Gain.ProbabilityBefore > 0.9 && row.Gain.ProbabilityAfter < 0.1);
        Assert.Contains("Node 1", row.Explanation);
        Assert.NotEmpty(row.Alternatives);
    }

    [Theory]
    [InlineData(0.7, true)]
    [InlineData(0.48, false)]
    public void A_leader_transfer_starts_at_once_if_overload_is_expected_and_waits_on_a_mere_chance(
        double peak, bool isExpected)
    {
        var row = Assert.Single(new TestCluster().AddNodes(3)
            .AddShard(0.3, [1, 2, 3], TestCluster.Ramp(0.3, peak, 0.05))
            .AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3, 0.01)).Decide().Recommendations);

        Assert.Equal((MoveKind.LeaderTransfer, isExpected), (row.Kind, row.BreachMsP50 is not null));
        Assert.Equal(isExpected, row.ExecuteAtMs == TestCluster.NowMs);
        Assert.True(row.ExecuteAtMs <= row.DeadlineMs);
    }

    /// <summary>Node 1 has eight shards, the others four each, all so uncertain that no node is safe at the trusting
    /// quantile.</summary>
    [Fact]
    public void Where_nobody_is_safe_load_still_leaves_the_node_in_the_worst_danger_until_they_are_alike()
    {
        const double cores = 0.12;
        var cluster = new TestCluster().AddNodes(3);
        for (var shard = 0; shard < 16; shard++)
        {
            var node = shard < 8 ? 1 : (shard % 2) + 2;
            int[] replicas = [node, (node % 3) + 1, ((node + 1) % 3) + 1];
            cluster.AddShard(cores, replicas, TestCluster.Flat(cores, 0.08));
        }

        var rows = cluster.Decide().Recommendations;

        Assert.InRange(rows.Length, 1, 2);
        Assert.All(rows, row => Assert.Equal((new NodeId(1), MoveKind.LeaderTransfer), (row.From, row.Kind)));
        Assert.Equal(rows.Length, rows.Select(row => row.To).Distinct().Count());
    }

    [Fact]
    public void The_urgency_terms_add_up_to_the_score()
    {
        var urgency = Ramping(3).Decide().Recommendations[0].Urgency;

        var sum = urgency.RiskPoints + urgency.SlackPoints + urgency.TransferPoints + urgency.ClientPoints;
        Assert.Equal(Math.Clamp(sum, 0, 100), urgency.Score, 9);
        Assert.True(urgency.RiskPoints > 0 && urgency.SlackPoints > 0 && urgency.ClientPoints < 0);
    }

    [Fact]
    public void Urgency_grows_as_the_breach_comes_nearer()
    {
        double Score(double now) => new TestCluster().AddNodes(3)
            .AddShard(now, [1, 2, 3], TestCluster.Ramp(now, now + 0.4, 0.02))
            .AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3)).Decide().Recommendations[0].Urgency.Score;

        Assert.True(Score(0.45) > Score(0.2), $"{Score(0.45)} should exceed {Score(0.2)}");
    }

    [Fact]
    public void The_reactive_strategy_sees_nothing_in_a_ramp_that_has_not_hurt_yet()
    {
        var cluster = Ramping(3);
        cluster.Policy = cluster.Policy with { Mode = BalancerMode.Reactive };

        var decision = cluster.Decide();

        Assert.Empty(decision.Recommendations);
        Assert.StartsWith("No node must give up load", decision.WhyNothing);
    }

    [Fact]
    public void The_reactive_strategy_acts_when_all_samples_agree_and_not_on_one_spike()
    {
        var cluster = new TestCluster().AddNodes(3).AddShard(0.5, [1, 2, 3]).AddShard(0.4, [1, 2, 3]);
        cluster.Policy = cluster.Policy with { Mode = BalancerMode.Reactive };

        Assert.Single(cluster.Decide().Recommendations);
        cluster.ChangeNode(1, node => node with { RecentCpu = [0.5, 0.5, 0.5, 0.5, 0.9] });
        Assert.Empty(cluster.Decide().Recommendations);
    }

    [Fact]
    public void Demand_that_the_forecast_denies_is_believed()
    {
        var row = Assert.Single(new TestCluster().AddNodes(3)
            .AddShard(0.5, [1, 2, 3], TestCluster.Flat(0.2, 0.02))
            .AddShard(0.4, [1, 2, 3], TestCluster.Flat(0.2, 0.02)).Decide().Recommendations);

        Assert.Equal((MoveCause.Overload, TestCluster.NowMs), (row.Cause, row.ExecuteAtMs));
    }

    [Fact]
    public void A_moment_of_demand_counts_as_what_the_time_around_it_says()
    {
        var cluster = new TestCluster().AddNodes(3)
            .AddShard(0.6, [1, 2, 3], TestCluster.Flat(0.2, 0.02))
            .AddShard(0.2, [1, 2, 3], TestCluster.Flat(0.2, 0.02));
        Assert.NotEqual(0, cluster.Decide().Outlooks[0].Probability, 3);

        cluster.ChangeShard(1, shard => shard with { LatelyOpsPerSecond = 0.2 / TestCluster.CoresPerOp });
        Assert.Equal(0, cluster.Decide().Outlooks[0].Probability, 3);
    }

    [Fact]
    public void A_spike_of_CPU_that_no_demand_explains_moves_nothing()
    {
        var cluster = new TestCluster().AddNodes(3)
            .AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3, 0.02))
            .AddShard(0.2, [1, 2, 3], TestCluster.Flat(0.2, 0.02));
        for (var id = 1; id <= 3; id++)
            cluster.ChangeNode(id, node => node with { BackgroundCores = 0 });
        cluster.ChangeNode(1, node => node with
        {
            Used = new ResourceAmounts(0.95, 0, 0, 0),
            Utilization = new ResourceFractions(0.95, 0, 0, 0),
            RecentCpu = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.95, 0.95, 0.95, 0.95],
        });

        Assert.Empty(cluster.Decide().Recommendations);

        cluster.ChangeNode(1, node => node with { RecentCpu = [.. Enumerable.Repeat(0.95, 10)] });
        Assert.NotEmpty(cluster.Decide().Recommendations);
    }

    [Fact]
    public void No_bytes_are_sent_against_a_mere_chance()
    {
        TestCluster Cluster(double sigma) => new TestCluster().AddNodes(4)
            .AddShard(0.35, [1, 2, 3], TestCluster.Ramp(0.35, 0.38, sigma))
            .AddShard(0.35, [1, 2, 3], TestCluster.Ramp(0.35, 0.38, sigma))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7))
            .AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7));

        var decision = Cluster(0.06).Decide();

        Assert.DoesNotContain(decision.Recommendations, row => row.Kind == MoveKind.ReplicaMove);
        Assert.Contains(decision.Rejections, count => count.Reason == RejectionReason.NotLikelyYet);
        var eager = Cluster(0.06);
        eager.Policy = eager.Policy with { Triggers = eager.Policy.Triggers with { ReplicaChance = 0.1 } };
        Assert.Contains(eager.Decide().Recommendations, row => row.Kind == MoveKind.ReplicaMove);
    }

    [Fact]
    public void Where_followers_are_as_busy_a_replica_moves_to_a_node_that_holds_none()
    {
        var cluster = new TestCluster().AddNodes(4)
            .AddShard(0.2, [1, 2, 3], TestCluster.Ramp(0.2, 0.45))
            .AddShard(0.35, [1, 2, 3], TestCluster.Ramp(0.35, 0.45))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7))
            .AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7));

        var row = Assert.Single(cluster.Decide().Recommendations);

        Assert.Equal(MoveKind.ReplicaMove, row.Kind);
        Assert.Equal(new NodeId(4), row.To);
        Assert.True(row.Cost.WireBytes > 0 && row.Cost.Seconds > 0);
    }

    [Fact]
    public void A_replica_move_waits_for_the_trough_before_its_deadline()
    {
        // Quiet from minute 20 to 35, the peak from minute 50 on.
        static double Load(int step) => step is >= 5 and <= 7 ? 0.1 : step >= 10 ? 0.6 : 0.35;
        var cluster = new TestCluster().AddNodes(4)
            .AddShard(0.35, [1, 2, 3], TestCluster.Curve(Load))
            .AddShard(0.35, [1, 2, 3], TestCluster.Curve(Load))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7))
            .AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7));

        var row = Assert.Single(cluster.Decide().Recommendations);

        Assert.Equal(MoveKind.ReplicaMove, row.Kind);
        Assert.InRange(row.ExecuteAtMs - TestCluster.NowMs, 20 * MinuteMs, 35 * MinuteMs);
        Assert.True(row.ExecuteAtMs <= row.DeadlineMs);
        Assert.True(row.Impact.RelativeTraffic < 0.5);
    }

    [Fact]
    public void A_move_that_cannot_end_in_time_is_still_proposed_with_advice_to_throttle()
    {
        var cluster = new TestCluster().AddNodes(4)
            .AddShard(0.4, [1, 2, 3], TestCluster.Ramp(0.4, 1.0))
            .AddShard(0.35, [1, 2, 3], TestCluster.Flat(0.35))
            .AddShard(0.75, [2, 1, 3], TestCluster.Flat(0.75))
            .AddShard(0.75, [3, 1, 2], TestCluster.Flat(0.75));
        cluster.ChangeShard(2, shard => shard with { SizeBytes = 200_000_000_000 })
            .ChangeShard(1, shard => shard with { SizeBytes = 200_000_000_000 });

        var decision = cluster.Decide();

        Assert.Contains(decision.Recommendations, row => !row.EndsInTime && row.ExecuteAtMs == TestCluster.NowMs);
        Assert.Contains(decision.Advice, advice => advice.Kind == AdviceKind.Throttle && advice.ExcessOpsPerSecond > 0);
    }
}
