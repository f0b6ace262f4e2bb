using ShardStore.Node.Bench;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What follows from figures that are known.</summary>
public sealed class CompareVerdictTests
{
    [Fact]
    public void Half_the_seconds_and_a_lower_p99_in_the_median_of_five_rounds_are_shown()
    {
        var verdict = VerdictOf(
            [Round(1, 40, 20), Round(2, 60, 10), Round(3, 50, 25), Round(4, 50, 50), Round(5, 20, 0)]);
        Assert.True(verdict.IsShown, verdict.ToString());
        Assert.Equal(20 / 50.0, verdict.OverCapacityRatio);
        Assert.StartsWith("shown: predictive: 60 % fewer", verdict.ToString(), StringComparison.Ordinal);
        Assert.Contains("fewer in 4 of 5 rounds", verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_half_the_seconds_are_not_shown()
    {
        var verdict = VerdictOf([.. Enumerable.Range(1, 5).Select(number => Round(number, 50, 26))]);
        Assert.False(verdict.IsShown);
        Assert.StartsWith("NOT SHOWN", verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_p99_that_is_no_lower_is_not_shown()
    {
        var round = Round(1, 50, 10);
        var same = round with { Predictive = round.Predictive with { Latency = round.Reactive.Latency } };
        Assert.False(VerdictOf([.. Enumerable.Repeat(same, 5)]).IsShown);
        Assert.True(VerdictOf([.. Enumerable.Repeat(round, 5)]).IsShown);
    }

    [Fact]
    public void Too_few_rounds_that_can_be_compared_show_nothing()
    {
        var good = Round(1, 50, 10);
        var changed = good with { Predictive = good.Predictive with { StartShare = 0.9 } };
        RoundResult[] rounds = [good, good, good, good, changed];
        Assert.False(VerdictOf(rounds).IsShown);
        Assert.Contains("at least 5 are needed", VerdictOf(rounds).ToString(), StringComparison.Ordinal);
        Assert.True(VerdictOf([.. rounds, good]).IsShown);
        Assert.Contains("none of 1 rounds", VerdictOf([changed]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_could_take_more_than_their_capacity_show_nothing()
    {
        var verdict = new CompareVerdict([.. Enumerable.Range(1, 5).Select(n => Round(n, 50, 10))], isEnforced: false);
        Assert.False(verdict.IsShown);
        Assert.Contains("nothing keeps a node to its capacity", verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reactive_balancer_that_was_never_over_capacity_shows_nothing()
    {
        var verdict = VerdictOf([.. Enumerable.Range(1, 5).Select(number => Round(number, 0, 0))]);
        Assert.Null(verdict.OverCapacityRatio);
        Assert.False(verdict.IsShown);
    }

    [Fact]
    public void Rounds_say_why_nothing_follows_from_them()
    {
        var good = Round(1, 50, 10);
        Assert.Empty(good.Problems);
        string Problem(RunFigures predictive) => Assert.Single((good with { Predictive = predictive }).Problems);
        Assert.Contains("asked the same", Problem(good.Predictive with { Fingerprint = "0" }),
            StringComparison.Ordinal);
        Assert.Contains("asked the same", Problem(good.Predictive with { Requests = 1 }), StringComparison.Ordinal);
        Assert.Contains("late in the predictive", Problem(good.Predictive with { LagMsP99 = 80 }),
            StringComparison.Ordinal);
        Assert.Contains("nothing is known of 7", Problem(good.Predictive with { SilentS = 7 }),
            StringComparison.Ordinal);
        Assert.Contains("machine changed", Problem(good.Predictive with { StartShare = double.NaN }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_line_a_run_and_tells_which_do_not_count()
    {
        var good = Round(1, 50, 10);
        var late = Round(2, 70, 70) with { Reactive = good.Reactive with { LagMsP99 = 80 } };
        RoundResult[] rounds = [good, late];
        var lines = CompareTable.Lines(rounds, VerdictOf(rounds)).ToArray();
        Assert.Equal(9, lines.Length);
        Assert.StartsWith("2*      reactive", lines[3], StringComparison.Ordinal);
        Assert.Equal(["median", "predictive", "20", "10"], WordsOf(lines[6])[..4]);
        Assert.Equal(["ratio", "1.00", "0.20"], WordsOf(lines[7])[..3]);
        // No median of nothing.
        Assert.Equal(3, CompareTable.Lines([late], VerdictOf([late])).Count());
    }

    private static string[] WordsOf(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static CompareVerdict VerdictOf(RoundResult[] rounds) => new(rounds, isEnforced: true);

    /// <summary>By the node-seconds over capacity; the p99 follows them.</summary>
    private static RoundResult Round(int number, int reactive, int predictive) => new(
        number, "made", "reactive", Run("reactive", reactive), Run("predictive", predictive));

    private static RunFigures Run(string mode, int overCapacityS) => new()
    {
        Mode = mode,
        OverThresholdS = 20,
        OverCapacityS = overCapacityS,
        SilentS = 0,
        ThrottledS = 1,
        Latency = new LatencySummary(1000, 5, 4, 8, 100 + overCapacityS, 500, 600),
        Errors = 0,
        Requests = 5000,
        Fingerprint = "abc",
        LeaderTransfers = 2,
        ReplicaMoves = 0,
        MovesNotDone = 0,
        Elections = 0,
        BytesMoved = 0,
        FirstMoveS = 3,
        StartShare = 0.5,
        LagMsP99 = 2,
        GeneratorCores = 0.1,
        Forecaster = "combination",
    };
}
