using System.Globalization;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>The rounds as lines of text, with medians and ratios.</summary>
internal static class CompareTable
{
    private static readonly (string Head, Func<RunFigures, double> Of)[] Columns =
    [
        ("> thr s", run => run.OverThresholdS),
        ("> cap s", run => run.OverCapacityS),
        ("held s", run => run.ThrottledS),
        ("p50 ms", run => run.Latency.MsP50),
        ("p99 ms", run => run.Latency.MsP99),
        ("p99.9 ms", run => run.Latency.MsP999),
        ("errors", run => run.Errors),
        ("transfers", run => run.LeaderTransfers),
        ("moves", run => run.ReplicaMoves),
        ("not done", run => run.MovesNotDone),
        ("elections", run => run.Elections),
        ("MB", run => run.BytesMoved / 1e6),
        ("lag ms", run => run.LagMsP99),
    ];

    public static IEnumerable<string> Lines(IReadOnlyList<RoundResult> rounds, CompareVerdict verdict)
    {
        yield return Line("round", "mode", Columns.Select(column => column.Head));
        foreach (var round in rounds)
        {
            yield return Run(Name(round), round.Reactive);
            yield return Run(Name(round), round.Predictive);
        }
        if (verdict.Compared == 0)
            yield break;
        yield return Medians(verdict, "reactive", round => round.Reactive);
        yield return Medians(verdict, "predictive", round => round.Predictive);
        yield return Line("ratio", "", Columns.Select(column => verdict.Ratio(column.Of) is { } ratio
            ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "-"));
        yield return "*: cannot be compared, counts in no median; held: what the kernel did not let the nodes run";
    }

    private static string Name(RoundResult round) => $"{round.Number}{(round.IsComparable ? "" : "*")}";

    private static string Run(string name, RunFigures run) =>
        Line(name, run.Mode, Columns.Select(column => Text(column.Of(run))));

    private static string Medians(CompareVerdict verdict, string mode, Func<RoundResult, RunFigures> runOf) =>
        Line("median", mode, Columns.Select(column => Text(verdict.Median(runOf, column.Of))));

    private static string Line(string round, string mode, IEnumerable<string> cells) =>
        round.PadRight(8) + mode.PadRight(12) + string.Concat(cells.Select(cell => cell.PadLeft(10)));

    private static string Text(double value) => value.ToString(
        value == Math.Floor(value) ? "0" : value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
