using System.Globalization;
using ShardStore.Node.Bench;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>What a replay and the history before it are made of.</summary>
public sealed class ReplayPlanTests
{
    [Fact]
    public void The_same_seed_makes_the_same_days_and_another_one_others()
    {
        Assert.Equal(PlanOf(3).ReplayText(), PlanOf(3).ReplayText());
        Assert.NotEqual(PlanOf(3).ReplayText(), PlanOf(4).ReplayText());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void The_limit_is_due_after_a_calm_and_passed_by_far(int seed)
    {
        var plan = PlanOf(seed);
        var trace = TraceFile.Parse(new StringReader(plan.ReplayText()), "made");
        Assert.Equal((DayLoad.Shards, ReplayPlan.Steps + 1), (trace.Columns.Count, trace.TimesS.Count));
        double HotAt(int step) => NodeCost.Weighed(
            Enumerable.Range(1, DayLoad.Shards).Where(IsLed).Sum(shard => trace.Values[shard - 1][step]),
            Enumerable.Range(1, DayLoad.Shards).Where(shard => !IsLed(shard))
                .Sum(shard => trace.Values[shard - 1][step]));
        bool IsLed(int shard) => ReplayPlan.LeaderOf(shard) == plan.HotNode;

        var calm = Enumerable.Range(ReplayPlan.WarmUpSteps, 10).Average(HotAt);
        Assert.True(calm < 0.8 * plan.OpsAtLimit, $"{calm} before {plan.OpsAtLimit}");
        var after = Enumerable.Range(ReplayPlan.LeadSteps, ReplayPlan.Steps - ReplayPlan.LeadSteps).Max(HotAt);
        Assert.True(after > 1.05 * plan.OpsAtLimit, $"{after} after {plan.OpsAtLimit}");
        Assert.Equal(plan.PeakOps, Enumerable.Range(0, ReplayPlan.Steps + 1)
            .Max(step => trace.Values.Sum(column => column[step])), 0.01);
    }

    [Fact]
    public void The_history_is_of_whole_steps_and_ends_where_the_replay_begins()
    {
        const long began = 1_800_000_000_400;
        var plan = PlanOf(5);
        var history = TraceFile.Parse(new StringReader(plan.HistoryText(began)), "made");
        Assert.Equal(1_799_999_999, history.TimesS[^1]);
        Assert.True(history.TimesS.Count > 7 * DayLoad.DaySteps, $"{history.TimesS.Count} steps");
        var replay = TraceFile.Parse(new StringReader(plan.ReplayText()), "made");
        var jump = Math.Abs(history.Values[0][^1] - replay.Values[0][0]) / replay.Values[0][0];
        Assert.True(jump < 0.25, $"{jump} off");
    }

    [Fact]
    public void A_real_trace_is_hashed_over_the_shards_and_every_run_is_another_day()
    {
        var text = "timestamp,value\n" + string.Concat(Enumerable.Range(0, 10 * DayLoad.DaySteps).Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"{step * 300},{1000 + step}\n")));
        var trace = TraceFile.Parse(new StringReader(text), "made");
        var (first, second) = (DayLoad.Of(trace, 0), DayLoad.Of(trace, 1));
        Assert.Equal(1000, Total(first, 0), 6);
        Assert.Equal(1000 + DayLoad.DaySteps, Total(second, 0), 6);
        Assert.Equal(1000, Total(DayLoad.Of(trace, 2), 0), 6);
        Assert.True(first.RateAt(first.HotShard, 5) > 2 * first.RateAt(first.HotShard + 1, 5));
        var brief = TraceFile.Parse(new StringReader("timestamp,value\n0,1\n300,1\n"), "brief");
        Assert.Throws<TraceFormatException>(() => DayLoad.Of(brief, 0));
    }

    [Fact]
    public void A_cost_is_the_line_through_what_was_measured()
    {
        var cost = NodeCost.Fit([.. Enumerable.Range(1, 9).Select(i => (100.0 * i, 0.1 + (0.02 * i)))]);
        Assert.Equal(0.1, cost.Idle, 9);
        Assert.Equal(2e-4, cost.PerOp, 9);
        Assert.Equal(0.2, cost.Share(500), 9);
    }

    private static double Total(DayLoad load, int step) =>
        Enumerable.Range(1, DayLoad.Shards).Sum(shard => load.RateAt(shard, step));

    private static ReplayPlan PlanOf(int seed) => ReplayPlan.Of(DayLoad.Made(seed));
}
