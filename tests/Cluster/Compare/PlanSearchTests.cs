using System.Globalization;
using System.Text;
using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Node.Bench;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What the rounds replay.</summary>
public sealed class PlanSearchTests(ITestOutputHelper output)
{
    private const int DaySteps = 288;
    private const int Columns = 24;
    private const double CapacityCores = 0.25;
    private static readonly NodeCost Cost = new(0.03, 0.0012);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_node_is_asked_for_more_than_it_has_while_the_others_have_room(int nodes)
    {
        var search = new PlanSearch(Asked(nodes), Cost);
        for (var round = 1; round <= 5; round++)
        {
            var plan = search.Find(Days(), round);
            Assert.InRange(plan.PeakShare, PlanSearch.PeakShareLeast, PlanSearch.PeakShareMost + 1e-6);
            Assert.NotNull(plan.OverloadS);
            Assert.InRange(plan.OverloadedSeconds, PlanSearch.OverloadedPartLeast * plan.Script.ReplaySeconds, 60);
            foreach (var second in plan.ReplaySeconds())
            {
                Assert.InRange(plan.MeanShare(second), 0, PlanSearch.MeanShareMax + 1e-6);
                Assert.InRange(plan.LargestShardShare(second), 0, PlanSearch.LargestShareMax + 1e-6);
            }
            Assert.All(Enumerable.Range(1, nodes), node =>
                Assert.InRange(plan.UnmovedShare(node, plan.ReplayAt), 0, PlanSearch.StartShareMax));
        }
    }

    [Fact]
    public void The_same_seed_and_round_make_the_same_plan_and_others_others()
    {
        string PlanOf(int seed, int round) => Find(seed, round).HistoryText(1_800_000_000_000);
        Assert.Equal(PlanOf(1, 1), PlanOf(1, 1));
        Assert.NotEqual(PlanOf(1, 1), PlanOf(1, 2));
        Assert.NotEqual(PlanOf(1, 1), PlanOf(2, 1));
    }

    [Fact]
    public void Without_a_trace_days_are_made_and_no_two_rounds_are_alike()
    {
        var search = new PlanSearch(Asked(3), Cost);
        var (first, second) = (search.Find(null, 1), search.Find(null, 2));
        Assert.True(first.PeakShare >= PlanSearch.PeakShareLeast, first.ToString());
        Assert.NotEqual(first.HistoryText(1_800_000_000_000), second.HistoryText(1_800_000_000_000));
    }

    [Fact]
    public void A_trace_in_which_nothing_can_be_prevented_is_refused_with_the_reasons()
    {
        var even = Made((_, _) => 100);
        var refused = Assert.Throws<TraceFormatException>(() => new PlanSearch(Asked(3), Cost).Find(even, 1));
        Assert.Contains("12 shards on 3 nodes", refused.Message, StringComparison.Ordinal);
        Assert.Contains("never rises", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_demand_of_the_trace_is_on_some_shard()
    {
        var (plan, days) = (Find(1, 1), Days());
        var point = plan.Script.Window.First;
        var shards = Enumerable.Range(1, plan.Script.Shards).Sum(shard => plan.Script.RateOf(shard, point));
        Assert.Equal(12, plan.Script.Shards);
        Assert.Equal(days.Values.Sum(column => column[point]), shards / plan.Script.Scale, 6);
    }

    [Fact]
    public void The_history_ends_where_the_load_begins_and_goes_on_in_it()
    {
        const long beganMs = 1_800_000_000_000;
        var plan = Find(1, 1);
        var history = TraceFile.Parse(new StringReader(plan.HistoryText(beganMs)), "made");
        Assert.Equal(ComparePlan.HistoryStepsMax, history.TimesS.Count);
        Assert.Equal(beganMs / 1000, history.TimesS[^1] + plan.Script.StepSeconds);
        for (var shard = 1; shard <= plan.Script.Shards; shard++)
        {
            // The middle of the first step of the load, and that of the step before it.
            var (now, before) = (plan.RateAt(shard, plan.Script.StepSeconds / 2.0), history.Values[shard - 1][^1]);
            Assert.Equal(plan.Script.RateOf(shard, plan.Script.FirstPoint - ComparePlan.LeadInSteps), now, 6);
            Assert.InRange(before, 0.3 * now, 3 * now);
        }
    }

    /// <summary>They are not part of the repository: SHARDSTORE_TRACES names their folder.</summary>
    [Theory]
    [InlineData("shards_gentd26_gpuseconds_16.csv", 3)]
    [InlineData("shards_gentd26_gpuseconds_16.csv", 5)]
    [InlineData("servers_azure2017_cpu_64.csv", 3)]
    [InlineData("servers_azure2017_cpu_64.csv", 5)]
    public void Real_traces_hold_overloads_that_moves_could_prevent(string name, int nodes)
    {
        var folder = Environment.GetEnvironmentVariable("SHARDSTORE_TRACES") ?? "";
        if (!File.Exists(Path.Combine(folder, name)))
        {
            output.WriteLine($"Skipped: SHARDSTORE_TRACES names no folder with {name}.");
            return;
        }
        var trace = TraceFile.Load(Path.Combine(folder, name));
        var search = new PlanSearch(Asked(nodes), Cost);
        for (var round = 1; round <= 5; round++)
        {
            var plan = search.Find(trace, round);
            output.WriteLine(plan.ToString());
            Assert.Null(PlanSearch.Misfit(plan));
        }
    }

    private static ComparePlan Find(int seed, int round) =>
        new PlanSearch(Asked(3) with { Seed = seed }, Cost).Find(Days(), round);

    private static CompareArguments Asked(int nodes) => new()
    {
        Nodes = nodes,
        Shards = 0,
        Rounds = 5,
        Seconds = 60,
        CapacityCores = CapacityCores,
        Seed = 1,
        Trace = "",
    };

    /// <summary>Each column is in demand for a part of the day, from one hour to the next: every fourth at the same
    /// time, every third as much.</summary>
    private static TraceFile Days() => Made((column, step) =>
    {
        var time = Math.Sin(2 * Math.PI * ((step / (double)DaySteps) + (column % 4 / 4.0)));
        return 50 + (500 * (1 + (column % 3)) / (1 + Math.Exp(-20 * (time - 0.8))));
    });

    private static TraceFile Made(Func<int, int, double> valueAt)
    {
        var text = new StringBuilder($"# season_steps: {DaySteps}\ntimestamp");
        text.Append(string.Concat(Enumerable.Range(0, Columns).Select(column => $",c{column}")));
        for (var step = 0; step < 15 * DaySteps; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{step * 300}");
            for (var column = 0; column < Columns; column++)
                text.Append(CultureInfo.InvariantCulture, $",{valueAt(column, step):0.##}");
        }
        return TraceFile.Parse(new StringReader(text.ToString()), "made");
    }
}
