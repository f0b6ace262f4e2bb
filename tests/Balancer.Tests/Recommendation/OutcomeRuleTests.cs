using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>The verdict over what was measured: minutes 10 to 20 after a move, threshold 0.8, and a shard of 1,000
/// ops/s that cost the source 0.3 of its capacity and costs the target 0.2.</summary>
public class OutcomeRuleTests
{
    private const long MinuteMs = 60_000;
    private const int Steps = 10;

    /// <summary>Steps before and after, which must not matter.</summary>
    private const int Around = 5;

    private static readonly OutcomeWindow s_window = new(10 * MinuteMs, 20 * MinuteMs);

    private static readonly MoveExpectation s_expected = new()
    {
        Threshold = 0.8,
        BreachMs = 10 * MinuteMs,
        HorizonMs = 20 * MinuteMs,
        SourceSharePerOp = 0.3 / 1000,
        TargetSharePerOp = 0.2 / 1000,
    };

    [Theory]
    [InlineData(0.6, 0.4, MoveHelp.Yes)]
    [InlineData(0.4, 0.4, MoveHelp.NotNeeded)]
    // Without the move 1.4: still over, but most of what was too much is gone.
    [InlineData(1.1, 0.4, MoveHelp.Yes)]
    // The overload has gone to the target, which would have had 0.9 without.
    [InlineData(0.6, 1.1, MoveHelp.No)]
    // Nothing was to come, and now the target is over.
    [InlineData(0.4, 0.9, MoveHelp.No)]
    // Far over before and after: a twentieth of the excess is no help.
    [InlineData(7.0, 0.4, MoveHelp.No)]
    public void The_verdict_is_about_the_load_above_the_threshold_of_both_nodes(
        double source, double target, MoveHelp verdict) =>
        Assert.Equal(verdict, Judge(_ => (source, target)).Help);

    [Fact]
    public void The_figures_are_measured_load_and_measured_ops_at_their_price()
    {
        // The shard is asked for twice as much in the last minute.
        var outcome = Judge(_ => (0.6, 0.5), ops: step => step == Steps - 1 ? 2000 : 1000);
        Assert.Equal(0.6, outcome.SourcePeak, 9);
        Assert.Equal(1.2, outcome.SourcePeakWithout, 9);
        Assert.Equal((0, 600), (outcome.SourceSecondsOver, outcome.SourceSecondsOverWithout));
        Assert.Equal(0.5, outcome.TargetPeak, 9);
        Assert.Equal(0.3, outcome.TargetPeakWithout, 9);
        // Nine minutes at 0.1 too much, one at 0.4.
        Assert.Equal((9 * 0.1 * 60) + (0.4 * 60), outcome.ExcessWithout, 6);
        Assert.Equal(outcome.ExcessWithout, outcome.ExcessAvoided, 6);
        Assert.Equal(1, outcome.MeasuredShare);
    }

    [Fact]
    public void Of_several_moves_off_a_node_each_is_compared_with_stopping_before_it()
    {
        // Two moves of 0.3 each took the source from 1.05 to 0.45: the first was needed, the second was not any more.
        var first = Judge(_ => (0.45, 0.4), later: 0.3);
        var second = Judge(_ => (0.45, 0.4));
        Assert.Equal((MoveHelp.Yes, MoveHelp.NotNeeded), (first.Help, second.Help));
        Assert.Equal(1.05, first.SourcePeakWithout, 9);
        Assert.Equal(0.75, second.SourcePeakWithout, 9);
    }

    [Fact]
    public void Nothing_is_said_before_the_time_is_over()
    {
        var early = Judge(_ => (0.6, 0.4), knownUntilMs: s_window.ToMs - 1);
        Assert.Equal(MoveHelp.CannotTellYet, early.Help);
        Assert.Equal((s_window.FromMs, s_window.ToMs), (early.FromMs, early.ToMs));
        Assert.Equal(MoveHelp.Yes, Judge(_ => (0.6, 0.4), knownUntilMs: s_window.ToMs).Help);
    }

    [Theory]
    [InlineData(2, MoveHelp.Yes)]
    [InlineData(3, MoveHelp.CannotTell)]
    public void Too_many_gaps_leave_it_open(int gaps, MoveHelp verdict)
    {
        Assert.Equal(verdict, Judge(step => step < gaps ? (double.NaN, 0.4) : (0.6, 0.4)).Help);
        Assert.Equal(verdict, Judge(step => step < gaps ? (0.6, double.NaN) : (0.6, 0.4)).Help);
        var outcome = Judge(_ => (0.6, 0.4), ops: step => step < gaps ? double.NaN : 1000);
        Assert.Equal((verdict, 1 - (gaps / 10.0)), (outcome.Help, outcome.MeasuredShare));
    }

    [Fact]
    public void Steps_outside_the_time_do_not_count()
    {
        // Over before the breach was due and after the horizon, never in between.
        var outcome = Judge(step => (step is < 0 or >= Steps ? 3 : 0.4, 0.4));
        Assert.Equal((MoveHelp.NotNeeded, 0.4), (outcome.Help, outcome.SourcePeak));
    }

    [Theory]
    // From the breach to the horizon,
    [InlineData(5, null, 10, 20)]
    // but not before the move has ended,
    [InlineData(12, null, 12, 20)]
    // nor after the shard has moved again;
    [InlineData(5, 15, 10, 15)]
    // and a move that ends after all of it has no time that could be judged.
    [InlineData(25, null, 25, 25)]
    [InlineData(5, 7, 10, 10)]
    public void The_time_begins_with_the_breach_and_ends_with_the_horizon(int ended, int? again, int from, int to) =>
        Assert.Equal(
            new OutcomeWindow(from * MinuteMs, to * MinuteMs),
            OutcomeRule.WindowOf(s_expected, ended * MinuteMs, again * MinuteMs));

    [Fact]
    public void Without_a_breach_or_without_time_nothing_can_be_told()
    {
        var window = OutcomeRule.WindowOf(s_expected with { BreachMs = null }, 3 * MinuteMs, null);
        Assert.Equal(new OutcomeWindow(3 * MinuteMs, 20 * MinuteMs), window);
        var none = new OutcomeWindow(MinuteMs, MinuteMs);
        var outcome = OutcomeRule.Judge(
            s_expected, none, new OutcomeMeasures(60, []) { KnownUntilMs = long.MaxValue });
        Assert.Equal((MoveHelp.CannotTell, 0), (outcome.Help, outcome.MeasuredShare));
    }

    [Fact]
    public void A_row_says_what_to_compare_with()
    {
        var row = Assert.Single(new TestCluster().AddNodes(3)
            .AddShard(0.3, [1, 2, 3], TestCluster.Ramp(0.3, 0.7, 0.02))
            .AddShard(0.3, [1, 2, 3], TestCluster.Flat(0.3, 0.01)).Decide().Recommendations);
        var expected = row.Expected;
        Assert.Equal((0.8, TestCluster.NowMs, row.BreachMsP90),
            (expected.Threshold, expected.DecidedMs, expected.BreachMs));
        Assert.Equal(TestCluster.NowMs + (60 * MinuteMs), expected.HorizonMs);
        Assert.Equal((row.Gain.PeakBefore, row.Gain.PeakAfter),
            (expected.Source.PeakWithout, expected.Source.PeakWith));
        Assert.True(expected.Target.PeakWith > expected.Target.PeakWithout);
        // Reads only: a follower costs nothing, and nodes have one core.
        Assert.Equal(TestCluster.CoresPerOp, expected.SourceSharePerOp, 9);
        Assert.Equal(TestCluster.CoresPerOp, expected.TargetSharePerOp, 9);
        Assert.Equal((0, row.Cost.Seconds), (expected.WireBytes, expected.Seconds));
    }

    private static MoveOutcome Judge(
        Func<int, (double Source, double Target)> loads, Func<int, double>? ops = null, double later = 0,
        long knownUntilMs = 30 * MinuteMs)
    {
        var steps = Enumerable.Range(-Around, Steps + (2 * Around)).Select(step => new OutcomeStep(
            s_window.FromMs + (step * MinuteMs), loads(step).Source, loads(step).Target, ops?.Invoke(step) ?? 1000,
            later)).ToArray();
        return OutcomeRule.Judge(
            s_expected, s_window, new OutcomeMeasures(60, steps) { KnownUntilMs = knownUntilMs });
    }
}
