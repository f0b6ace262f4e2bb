using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;
using Xunit;
using static ShardStore.Balancer.Simulation.SimulatedStrategy;

namespace ShardStore.Balancer.Tests.Simulation;

/// <summary>What is left out of predictive balancing is gone, and nothing else.</summary>
public class AblationTests
{
    private static readonly PredictivePart[] s_all = Enum.GetValues<PredictivePart>();

    public static readonly TheoryData<PredictivePart> Parts = [.. s_all];

    [Theory, MemberData(nameof(Parts))]
    public void Leaving_a_part_out_changes_predictive_and_no_other_balancer(PredictivePart part)
    {
        var made = SimulationRuns.Case("drain", seed: 1, shards: 18);
        var whole = Scores(made, PredictiveParts.All);
        var less = Scores(made, new PredictiveParts([part]));
        foreach (var strategy in new[] { Off, Reactive, Oracle })
            Assert.Equal(whole[strategy], less[strategy]);
        Assert.NotEqual(whole[Predictive], less[Predictive]);
    }

    [Fact]
    public void With_nothing_left_out_a_run_is_the_product_s()
    {
        var made = SimulationRuns.Case("office", seed: 2, shards: 12);
        Assert.Equal(SimulationRuns.Scores(made, Predictive), Scores(made, new PredictiveParts([]), Predictive));
    }

    [Fact]
    public void Without_forecasts_the_last_value_stays_and_only_doubt_grows()
    {
        var history = new LoadHistory(600);
        for (var step = 0; step < 600; step++)
            history.Append(1000 + (500 * Math.Sin(2 * Math.PI * step / 288)) + (step % 7));
        var view = new SeriesView(new SeriesId(1), history, SeriesShape.Daily(300, 0));

        var forecast = DemandForecaster.OfLastValue().Forecast([view], 30).Series[0].Forecast;

        Assert.Equal((ForecastState.Ok, LastValue.MethodName), (forecast.State, forecast.Method));
        Assert.All(Enumerable.Range(1, 30), step => Assert.Equal(history.Values[^1], forecast.At(step, 0.5)));
        Assert.True(forecast.At(30, 0.9) - forecast.At(30, 0.5) > 3 * (forecast.At(1, 0.9) - forecast.At(1, 0.5)));
    }

    [Fact]
    public void Without_gates_the_plain_mean_of_all_forecasters_acts_from_the_first_round_on()
    {
        var history = new LoadHistory(600);
        for (var step = 0; step < 600; step++)
            history.Append(1000 + (500 * Math.Sin(2 * Math.PI * step / 288)) + (step % 7));
        var view = new SeriesView(new SeriesId(1), history, SeriesShape.Daily(300, 0));

        var series = new DemandForecaster([]).WithoutGates().Forecast([view], 30).Series[0];

        Assert.Equal(Combination.MethodName, series.Forecast.Method);
        Assert.Equal(4, series.Members.Count);
        Assert.All(series.Members, member =>
            Assert.Equal((0.25, 0.25, 0.25), (member.Short, member.Middle, member.Long)));
        var gated = new DemandForecaster([]).Forecast([view], 30).Series[0];
        Assert.NotEqual(Combination.MethodName, gated.Forecast.Method);
    }

    [Fact]
    public void Without_the_trough_a_move_starts_at_once()
    {
        static double Load(int step) => step is >= 5 and <= 7 ? 0.1 : step >= 10 ? 0.6 : 0.35;
        var snapshot = new TestCluster().AddNodes(4)
            .AddShard(0.35, [1, 2, 3], TestCluster.Curve(Load))
            .AddShard(0.35, [1, 2, 3], TestCluster.Curve(Load))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7))
            .AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7)).Snapshot();

        Assert.True(Assert.Single(Decide(snapshot)).ExecuteAtMs > TestCluster.NowMs);
        Assert.Equal(TestCluster.NowMs, Assert.Single(Decide(snapshot, PredictivePart.Trough)).ExecuteAtMs);
    }

    [Fact]
    public void Without_the_trough_a_move_still_waits_for_the_end_of_quiet_hours()
    {
        var cluster = new TestCluster().AddNodes(4)
            .AddShard(0.35, [1, 2, 3], TestCluster.Ramp(0.35, 0.6))
            .AddShard(0.35, [1, 2, 3], TestCluster.Flat(0.35))
            .AddShard(0.7, [2, 1, 3], TestCluster.Flat(0.7))
            .AddShard(0.7, [3, 1, 2], TestCluster.Flat(0.7));
        // It is 22:13:20.
        cluster.Policy = cluster.Policy with { QuietHours = [new QuietWindow(1320, 1335)] };

        var row = Assert.Single(Decide(cluster.Snapshot(), PredictivePart.Trough));

        Assert.Equal(MoveKind.ReplicaMove, row.Kind);
        Assert.InRange(row.ExecuteAtMs - TestCluster.NowMs, 100_000, 160_000);
    }

    [Fact]
    public void Without_moves_in_flight_the_planner_sends_more_after_those_that_run_but_none_of_them_again()
    {
        var cluster = new TestCluster().AddNodes(3);
        for (var shard = 0; shard < 9; shard++)
            cluster.AddShard(0.1, [1, 2, 3], TestCluster.Flat(0.1));
        var first = cluster.Decide().Recommendations;
        Assert.NotEmpty(first);
        cluster.InFlight.AddRange(first.Select(
            row => new MoveInFlight(row.Shard, row.From, row.To, row.Kind, TestCluster.NowMs)));

        Assert.Empty(Decide(cluster.Snapshot()));
        var more = Decide(cluster.Snapshot(), PredictivePart.InFlight);
        Assert.NotEmpty(more);
        Assert.All(more, row => Assert.Equal(new NodeId(1), row.From));
        Assert.Empty(more.Select(row => row.Shard).Intersect(first.Select(row => row.Shard)));
    }

    private static IReadOnlyList<Recommendation> Decide(ClusterSnapshot snapshot, params PredictivePart[] without) =>
        Planner.Decide(snapshot, TestCluster.NowMs, 1, new PredictiveParts(without)).Recommendations;

    private static Dictionary<SimulatedStrategy, SimulationScore> Scores(
        SimulationCase made, PredictiveParts parts, params SimulatedStrategy[] strategies) =>
        SimulationRuns.Run(new SimulationRun(
                made.Demand, made.Clusters, strategies.Length > 0 ? strategies : Enum.GetValues<SimulatedStrategy>(),
                withTimelines: false, parts))
            .ToDictionary(result => result.Strategy, result => result.Score);
}
