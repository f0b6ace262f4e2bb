using ShardStore.Node.Bench;
using ShardStore.Node.Demo;
using Xunit;

namespace ShardStore.Node.Tests.Demo;

public class DemoReportTests
{
    private static readonly DemoMove Move = new()
    {
        Kind = DemoMove.LeaderKind,
        Shard = 8,
        From = 3,
        To = 4,
        StartS = 12,
        EndS = 12.4,
        Outcome = "Done",
        Why = "",
    };

    [Theory]
    [InlineData(2, 9, "moved 18 s before the overload was due and spent less time over capacity: 2 s")]
    [InlineData(9, 9, "No difference: the predictive run moved 18 s before")]
    [InlineData(12, 9, "did worse: it moved 18 s before the overload was due, 12 s over capacity against 9 s")]
    public void The_verdict_says_who_was_better_whoever_it_was(int predictive, int reactive, string expected) =>
        Assert.Contains(expected, Report(predictive, reactive).Verdict);

    [Fact]
    public void Different_loads_or_a_machine_that_was_late_or_changed_allow_no_verdict()
    {
        var report = Report(2, 9);
        var other = report with { Predictive = report.Predictive with { LoadFingerprint = "b" } };
        Assert.Contains("not asked the same load", other.Verdict);
        Assert.False(other.IsComparable);
        var late = report with { Reactive = report.Reactive with { LateS = 11 } };
        Assert.Contains("in 11 of 100 s", late.Verdict);
        Assert.False(late.IsComparable);
        var dearer = report with { Predictive = report.Predictive with { StartShare = 0.85 } };
        Assert.Contains("60 % when calibrated, 60 % in the reactive run and 85 % in the predictive", dearer.Verdict);
        Assert.False(dearer.IsComparable);
        Assert.True(report.IsComparable);
    }

    [Theory]
    [InlineData(0.53, 0.53, true)]
    [InlineData(0.44, 0.44, false)]
    [InlineData(0.53, 0.61, false)]
    [InlineData(double.NaN, 0.6, false)]
    public void Runs_must_start_alike_and_as_calibrated(double reactive, double predictive, bool isComparable)
    {
        var report = Report(2, 9);
        report = report with
        {
            Reactive = report.Reactive with { StartShare = reactive },
            Predictive = report.Predictive with { StartShare = predictive },
        };
        Assert.Equal(isComparable, report.IsComparable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_text_shows_both_runs_side_by_side_without_broken_markup(bool isTerminal)
    {
        var into = new StringWriter();
        DemoScreen.Draw(Report(2, 9), into, isTerminal);
        var text = into.ToString();
        Assert.Contains("shard 8, n3 to n4", text);
        Assert.Contains("seconds over capacity (80 %), all nodes", text);
        Assert.DoesNotContain("[/]", text);
        if (!isTerminal)
            Assert.Matches(@"reactive +predictive", text);
    }

    private static DemoReport Report(int predictive, int reactive) => new()
    {
        Trace = "t.csv",
        FirstPoint = 100,
        Points = 20,
        Speed = 60,
        StepSeconds = 5,
        Nodes = 5,
        Replicas = 3,
        Shards = 20,
        HotShard = 3,
        HotNode = 3,
        HotShardDemand = [.. Enumerable.Repeat(50.0, 100)],
        Reactive = Run("reactive", reactive, []),
        Predictive = Run("predictive", predictive, [Move]),
    };

    private static DemoRunReport Run(string balancer, int over, DemoMove[] moves) => new()
    {
        CapacityCores = 0.1,
        CalibratedStartShare = 0.6,
        OverloadS = 30,
        HotNodeUnmoved = [.. Enumerable.Range(0, 100).Select(second => 0.6 + (second / 200.0))],
        Balancer = balancer,
        Requests = 1000,
        LoadFingerprint = "a",
        StartShare = 0.6,
        OverCapacityS = over,
        OverAllS = 0,
        HotNodeOverCapacityS = over,
        FirstOverS = null,
        Notice = new DemoNotice(5, 30, "[why]"),
        Moves = moves,
        Latency = new LatencySummary(1000, 2, 2, 3, 4, 5, 6),
        WorstSecondMsP99 = 7,
        LateS = 0,
        Errors = 0,
        ErrorsByText = new Dictionary<string, long>(),
        Forecaster = "lstm",
        CpuShareByNode = [.. Enumerable.Range(0, 5).Select(_ => Shares())],
    };

    private static double[] Shares() =>
        [.. Enumerable.Range(0, 100).Select(second => second % 9 == 0 ? double.NaN : second / 80.0)];
}
