using ShardStore.Balancer.Capacity;
using Xunit;

namespace ShardStore.Balancer.Tests.Capacity;

public class DemandProjectionTests
{
    [Theory]
    [InlineData(2, 24)]
    [InlineData(6, 24)]
    [InlineData(7, 168)]
    [InlineData(14, 168)]
    public void The_last_week_comes_again_or_the_last_day_where_less_is_known(int days, int period)
    {
        var input = PlannedCluster.Of(fill: 0.4, days);
        Assert.Equal(period, DemandProjection.Period(input));
        var table = DemandProjection.Of(input, BalancingPolicy.Default);
        Assert.Equal((days * 24, 7 * 24), (table.HistorySteps, table.ScoredSteps));
        Assert.Equal(PlannedCluster.FirstStep * 3_600_000, table.TickMs(0));
        for (var step = 0; step < 7 * 24; step++)
        {
            var back = period * ((step / period) + 1);
            var now = table.HistorySteps + step;
            Assert.Equal(table.Point(3, now - back), table.Point(3, now), 1e-3);
        }
        Assert.Equal(0, DemandProjection.GrowthPerDay(input, table), 1e-6);
    }

    [Theory]
    [InlineData(6, 0.02)]
    [InlineData(14, 0.02)]
    [InlineData(14, -0.03)]
    public void Growth_that_the_days_show_goes_on(int days, double growth)
    {
        var input = PlannedCluster.Of(fill: 0.4, days, growth);
        var table = DemandProjection.Of(input, BalancingPolicy.Default);
        var ratio = table.Point(0, table.HistorySteps + (6 * 24) + 5) / table.Point(0, table.HistorySteps - 24 + 5);
        Assert.Equal(Math.Pow(1 + growth, 7), ratio, 0.01);
        Assert.Equal(growth, DemandProjection.GrowthPerDay(input, table), 0.001);
    }

    [Fact]
    public void Steps_that_are_shorter_than_needed_are_taken_together_on_their_grid()
    {
        // Ten seconds, of which thirty make five minutes: the first two and the last three fill none.
        var values = Enumerable.Range(0, 95).Select(step => (double)step).ToArray();
        var input = PlannedCluster.Of(new TestCluster().Snapshot(), new Dictionary<ShardId, double[]>
        {
            [new ShardId(1)] = values,
        }, values.Length) with
        { FirstStep = 3028, StepSeconds = 10, SeasonSteps = 8640 };
        var coarse = input.Coarse();
        Assert.Equal((101, 3, 300.0, 288),
            (coarse.FirstStep, coarse.HistorySteps, coarse.StepSeconds, coarse.SeasonSteps));
        Assert.Equal([16.5, 46.5, 76.5], coarse.History[new ShardId(1)]);
        Assert.Same(coarse, coarse.Coarse());
        Assert.Equal(3, DemandProjection.Period(coarse));
    }

    [Fact]
    public void Growth_that_chance_could_have_made_hardly_counts()
    {
        var random = new Random(1);
        var values = new double[10 * 24];
        for (var i = 0; i < values.Length; i++)
            values[i] = i / 24 % 2 == 0 ? 100 + (40 * random.NextDouble()) : 60 + (40 * random.NextDouble());
        Assert.InRange(MeasuredGrowth.LogPerDay(values, 24), -0.003, 0.003);
        Assert.Equal(0, MeasuredGrowth.LogPerDay(new double[240], 24));
        Assert.Equal(0, MeasuredGrowth.LogPerDay(PlannedCluster.Curve(10, 3, 0.05), 24));
    }

    [Fact]
    public void A_quiet_weekend_is_no_decline()
    {
        // Two weeks that end with a weekend.
        double[] values = [.. Enumerable.Range(0, 14 * 24).Select(step => step / 24 % 7 >= 5 ? 30.0 : 100)];
        Assert.Equal(0, MeasuredGrowth.LogPerDay(values, 24), 1e-9);
    }

    [Fact]
    public void More_than_a_tenth_a_day_is_not_believed()
    {
        Assert.Equal(Math.Log(1.1), MeasuredGrowth.LogPerDay(PlannedCluster.Curve(10, 8, 0.4), 24), 1e-9);
    }

    [Fact]
    public void What_profiles_declare_counts_for_the_shards_that_they_name()
    {
        var input = PlannedCluster.Of(fill: 0.4, days: 7);
        var policy = BalancingPolicy.Default with
        {
            Profiles =
            [
                new UsageProfile { Shards = [1], GrowthPercentPerDay = 5 },
                new UsageProfile
                {
                    Shards = [2],
                    Events =
                    [
                        new UsageEvent { Name = "sale", Start = "2026-01-13T12:00:00Z", Minutes = 120, Factor = 3 },
                    ],
                },
            ],
        };
        var (with, without) = (DemandProjection.Of(input, policy), DemandProjection.Of(input, BalancingPolicy.Default));
        var start = with.HistorySteps;
        // A week's growth over the same hour a week before. The past did not grow so: it counts in part.
        Assert.InRange(Ratio(1, 3), 1.01, 0.9 * Math.Pow(1.05, 7));
        Assert.Equal(Ratio(1, 3), Ratio(1, 150), 1e-3);
        // Tuesday from 12:00 to 14:00 is a day and a half after the history's end.
        Assert.Equal([1, 3, 3, 1], new[] { 35, 36, 37, 38 }.Select(step => Math.Round(Ratio(2, step), 3)));
        Assert.All(new[] { 3, 36, 100 }, step => Assert.Equal(1, Ratio(3, step), 1e-6));

        double Ratio(int shard, int step) =>
            with.Point(shard - 1, start + step) / without.Point(shard - 1, start + step);
    }
}
