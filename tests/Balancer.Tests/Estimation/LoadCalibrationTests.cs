using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>Three nodes of a core that lead one shard each, reads only: what is measured is the background, the ops at
/// their true price, and the noise of a single second.</summary>
public class LoadCalibrationTests
{
    private const double Background = 0.1;
    private const double CoresPerOp = 0.005;
    private const double Ops = 60;

    private static readonly CostModel s_model = new() { ReadCpuSeconds = CoresPerOp, IdleCores = Background };

    /// <param name="ops">Of each shard in that second.</param>
    /// <param name="cores">Used by each node.</param>
    /// <param name="attributedPerOp">What the nodes attribute to an op.</param>
    private static ClusterSnapshot Second(
        double[] ops, double[] cores, double attributedPerOp, int leaderOfFirst = 1) =>
        new()
        {
            Nodes = [.. cores.Select((used, i) => new NodeLoad
            {
                Id = new NodeId(i + 1),
                CapacityCores = 1,
                Utilization = new ResourceFractions(used, 0, 0, 0),
                Used = new ResourceAmounts(used, 0, 0, 0),
            })],
            Shards = [.. ops.Select((rate, i) => new ShardLoad
            {
                Id = new ShardId(i + 1),
                Replicas = [.. Enumerable.Range(1, 3).Select(node => new ShardReplica(new NodeId(node), true))],
                Leader = new NodeId(i == 0 ? leaderOfFirst : i + 1),
                Demand = new ShardDemand(rate, 0, 0),
                AttributedCpuCores = rate * attributedPerOp,
            })],
            Costs = s_model,
        };

    /// <summary>Ops of a second off by a fifth either way, and CPU that belongs to the ops of the second before.
    /// </summary>
    private static IEnumerable<ClusterSnapshot> NoisySeconds(int count, double attributedPerOp = CoresPerOp)
    {
        var random = new Random(5);
        double[] before = [Ops, Ops, Ops];
        for (var second = 0; second < count; second++)
        {
            var cores = Array.ConvertAll(before, rate => Background + (rate * CoresPerOp));
            before = [Noisy(random), Noisy(random), Noisy(random)];
            yield return Second(before, cores, attributedPerOp);
        }
    }

    private static double Noisy(Random random) => Ops * (0.8 + (0.4 * random.NextDouble()));

    private static LoadCalibration Observed(IEnumerable<ClusterSnapshot> seconds)
    {
        var calibration = new LoadCalibration();
        foreach (var second in seconds)
            calibration.Observe(second);
        return calibration;
    }

    private static ClusterSnapshot Even(double attributedPerOp = CoresPerOp) => Second(
        [Ops, Ops, Ops], [.. Enumerable.Repeat(Background + (Ops * CoresPerOp), 3)], attributedPerOp);

    [Fact]
    public void The_noise_of_single_seconds_does_not_reach_the_background()
    {
        var seconds = NoisySeconds(60).ToArray();
        var raw = seconds.SelectMany(second => second.Nodes.Select((node, i) =>
            node.Used.CpuCores - second.Shards[i].AttributedCpuCores!.Value)).ToArray();

        var refined = Observed(seconds).Refine(seconds[^1]);

        Assert.True(raw.Max() - raw.Min() > 0.15, "the seconds must be noisy for this to say anything");
        Assert.All(refined.Nodes, node => Assert.InRange(node.BackgroundCores!.Value, 0.07, 0.13));
    }

    [Fact]
    public void A_few_seconds_are_not_taken_for_knowledge()
    {
        var refined = Observed(NoisySeconds(9)).Refine(Even());

        Assert.All(refined.Nodes, node => Assert.Null(node.BackgroundCores));
    }

    [Fact]
    public void A_node_that_never_reported_keeps_nobody_from_being_known()
    {
        static ClusterSnapshot WithDead(ClusterSnapshot second) => second with
        {
            Nodes = second.Nodes.Add(new NodeLoad { Id = new NodeId(4), CapacityCores = 1, State = NodeState.Down }),
        };

        var refined = Observed(NoisySeconds(60).Select(WithDead)).Refine(WithDead(Even()));

        Assert.All(refined.Nodes.Take(3), node => Assert.InRange(node.BackgroundCores!.Value, 0.07, 0.13));
        Assert.Equal(0, refined.Nodes[3].BackgroundCores);
    }

    [Fact]
    public void Seconds_before_all_founders_have_reported_are_passed_over()
    {
        static ClusterSnapshot WithoutThird(ClusterSnapshot second) => second with
        {
            Nodes = second.Nodes.RemoveAt(2),
        };

        var refined = Observed(NoisySeconds(60).Select(WithoutThird)).Refine(Even());

        Assert.All(refined.Nodes, node => Assert.Null(node.BackgroundCores));
    }

    [Fact]
    public void Cpu_that_was_not_attributed_grows_with_load_as_the_fit_says()
    {
        var refined = Observed(NoisySeconds(60, CoresPerOp * 0.75)).Refine(Even(CoresPerOp * 0.75));

        Assert.All(refined.Shards, shard =>
            Assert.InRange(shard.AttributedCpuCores!.Value / Ops, CoresPerOp * 0.97, CoresPerOp * 1.03));
        Assert.All(refined.Nodes, node => Assert.InRange(node.BackgroundCores!.Value, 0.07, 0.13));
    }

    [Theory]
    [InlineData(0.01, 8)]
    [InlineData(0.5, 5)]
    [InlineData(10, 2)]
    public void More_than_twice_what_was_attributed_is_believed_as_far_as_the_fit_is_sure(double error, double factor)
    {
        const double attributed = CoresPerOp / 8;
        var costs = s_model with { Errors = new CostErrors(error * CoresPerOp, 0, 0, 0, 0) };
        ClusterSnapshot Known(ClusterSnapshot second) => second with { Costs = costs };

        var refined = Observed(NoisySeconds(60, attributed).Select(Known)).Refine(Known(Even(attributed)));

        Assert.All(refined.Shards, shard =>
            Assert.Equal(attributed * factor, shard.AttributedCpuCores!.Value / Ops, 0.02 * CoresPerOp));
    }

    [Fact]
    public void More_attributed_than_used_is_scaled_down_to_what_was_used()
    {
        var refined = Observed(NoisySeconds(60, CoresPerOp * 2)).Refine(Even(CoresPerOp * 2));

        foreach (var (node, shard) in refined.Nodes.Zip(refined.Shards))
        {
            var sum = node.BackgroundCores!.Value + shard.AttributedCpuCores!.Value;
            Assert.InRange(sum, node.Used.CpuCores - 0.03, node.Used.CpuCores + 0.03);
        }
    }

    [Fact]
    public void Leadership_that_moves_takes_its_load_along_and_leaves_the_background()
    {
        const double own = Ops * CoresPerOp;
        var calibration = Observed(Enumerable.Repeat(Even(), 30));
        var moved = Second([Ops, Ops, Ops], [Background, Background + (2 * own), Background + own], CoresPerOp, 2);
        for (var second = 0; second < 20; second++)
            calibration.Observe(moved);

        Assert.All(calibration.Refine(moved).Nodes, node =>
            Assert.InRange(node.BackgroundCores!.Value, Background - 0.01, Background + 0.01));
    }

    [Fact]
    public void What_has_gone_from_the_cluster_is_forgotten()
    {
        var calibration = Observed(Enumerable.Repeat(Even(), 30));
        calibration.Observe(Second([], [Background], CoresPerOp) with { Shards = [] });

        var back = calibration.Refine(Even());

        Assert.All(back.Nodes, node => Assert.Null(node.BackgroundCores));
    }

    [Fact]
    public void Right_after_a_move_the_calibrated_background_is_projected_and_else_what_was_measured()
    {
        var snapshot = new TestCluster().AddNodes(3).AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3))
            .ChangeNode(1, node => node with { BackgroundCores = 0.2 })
            .ChangeNode(2, node => node with { BackgroundCores = 0 })
            .ChangeNode(3, node => node with { BackgroundCores = 0 }).Snapshot();

        double Load(long movedMs) => Planner.Decide(
            snapshot with
            {
                RecentMoves =
                [
                    new FinishedMove(new ShardId(9), new NodeId(2), new NodeId(1), MoveKind.LeaderTransfer,
                        TestCluster.NowMs - movedMs),
                ],
            }, TestCluster.NowMs, 1).Outlooks[0].Median[^1];

        Assert.Equal(0.5, Load(movedMs: 5_000), 6);
        Assert.Equal(0.3, Load(movedMs: 25_000), 6);
    }
}
