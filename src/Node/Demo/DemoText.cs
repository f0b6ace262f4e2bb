using System.Globalization;

namespace ShardStore.Node.Demo;

/// <summary>The words of the report.</summary>
internal static class DemoText
{
    /// <summary>Moves listed of each run; the rest is counted.</summary>
    private const int MovesShown = 12;

    private static string Ceiling => $"{DemoRunReport.Ceiling * 100:0} %";

    public static IEnumerable<string> Head(DemoReport report)
    {
        yield return $"Trace: {report.Trace}, points {report.FirstPoint} to {report.FirstPoint + report.Points - 1}, "
            + Line($"{report.Speed:0.##} times as fast as the clock: {report.StepSeconds} s a step.");
        yield return Line($"Cluster: {report.Nodes} nodes, {report.Shards} shards ")
            + $"with {report.Replicas} copies. Shard {report.HotShard} is the hot one, led by n{report.HotNode}.";
        yield return report.Predictive.OverloadS is { } overload
            ? $"If nothing moved, n{report.HotNode} would pass its capacity ({Ceiling} of its cores) "
                + Line($"at {overload:F0} s. Both balancers act from {DemoPolicy.Threshold * 100:0} %.")
            : Line($"Node n{report.HotNode} stays within its capacity ({Ceiling} of its cores) even if nothing moves.");
        yield return $"Bars: CPU of n{report.HotNode}. Dots: if nothing moved. ◆ first wanted to act, ! overload "
            + "due, digits: leaderships passed on, ═ replicas moving.";
    }

    public static IEnumerable<(string Name, Func<DemoRunReport, string> Of)> Figures(DemoReport report)
    {
        yield return ("cores of a node, calibrated before both runs", run => Line($"{run.CapacityCores:F3}"));
        yield return ($"n{report.HotNode} before anything moved", run => Line($"{run.StartShare * 100:F0} %"));
        yield return ("saw it", run => run.Notice is { } notice ? Line($"{notice.AtS:F1} s") : "never");
        yield return ("  and expected the overload at", run => run.Notice switch
        {
            null => "-",
            { OverloadS: { } expected } => Line($"{expected:F0} s"),
            _ => "it was there",
        });
        yield return ($"first move off n{report.HotNode} began", run =>
            report.FirstRelief(run) is { } first ? Line($"{first:F1} s") : "never");
        yield return ("moves (leaderships + replicas)", run =>
            $"{run.Moves.Count(move => !move.IsReplica)} + {run.Moves.Count(move => move.IsReplica)}");
        yield return ($"seconds over capacity ({Ceiling}), all nodes", run => $"{run.OverCapacityS}");
        yield return ($"  of n{report.HotNode}", run => $"{run.HotNodeOverCapacityS}");
        yield return ("seconds over 100 %, all nodes", run => $"{run.OverAllS}");
        yield return ("p50, p99 of all requests", run => Line($"{run.Latency.MsP50:F1}, {run.Latency.MsP99:F1} ms"));
        yield return ("p99 in the worst second", run => Line($"{run.WorstSecondMsP99:F1} ms"));
        yield return ("seconds with p99 over 1 s", run => $"{run.LateS}");
        yield return ("errors", run => $"{run.Errors}");
        yield return ("forecaster of the hot shard", run => run.Forecaster);
    }

    public static IEnumerable<string> Moves(DemoRunReport run)
    {
        yield return $"Moves of the {run.Balancer} run:" + (run.Moves.Count == 0 ? " none" : "");
        foreach (var move in run.Moves.Take(MovesShown))
        {
            var end = move.EndS is { } ended ? Line($"{ended,6:F1} s") : "not over";
            var what = move.IsReplica ? "replica" : "leadership";
            yield return Line($"  {move.StartS,6:F1} to {end}  {what} of shard {move.Shard}, ")
                + $"n{move.From} to n{move.To}"
                + (move.Outcome is "Done" || move.EndS is null ? "" : $": {move.Outcome}");
        }
        if (run.Moves.Count > MovesShown)
            yield return $"  and {run.Moves.Count - MovesShown} more (all with --json)";
    }

    public static IEnumerable<string> Notes(DemoReport report)
    {
        yield return report.SameLoad
            ? Line($"Both runs were asked the same {report.Reactive.Requests} requests at the same times (fingerprint ")
                + $"{report.Reactive.LoadFingerprint}), under the same limits."
            : $"The runs were asked {report.Reactive.Requests} and {report.Predictive.Requests} requests.";
        yield return "CPU is that of a node's own threads. A node over its capacity is counted, not slowed down: "
            + "latencies are those of this machine, with nodes and load on it.";
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
