using System.Globalization;

namespace ShardStore.Node.Demo;

/// <summary>The last line of the demo, from its figures alone.</summary>
internal static class DemoVerdict
{
    /// <summary>Of the replay: a machine that is late for longer does not let CPU follow demand.</summary>
    private const double LateShareMax = 0.1;

    /// <summary>Twice what lies between the load that both balancers act from and the capacity: beyond it, nodes are
    /// over or under their capacity for the machine's sake.</summary>
    private const double StartShareDifferenceMax = 0.12;

    public static string Of(DemoReport report)
    {
        if (!report.SameLoad)
            return "The runs were not asked the same load: nothing follows from them.";
        if (WasTooBusy(report))
        {
            return $"This machine was too busy to tell: in {LateS(report)} of {report.HotShardDemand.Count} s requests "
                + "waited longer than a second. Try again when less else runs on it.";
        }
        if (new[] { report.Reactive, report.Predictive }.FirstOrDefault(HasChanged) is { } run)
        {
            return $"This machine changed meanwhile: the same demand took {Percent(run.CalibratedStartShare)} of "
                + $"n{report.HotNode}'s cores when calibrated and {Percent(run.StartShare)} right after it, in the "
                + $"{run.Balancer} run. Nothing follows from it.";
        }
        var seconds = $"{report.Predictive.OverCapacityS} s over capacity against {report.Reactive.OverCapacityS} s";
        var when = When(report);
        if (report.LessTimeOver)
            return $"The predictive run {when} and spent less time over capacity: {seconds}.";
        return report.Predictive.OverCapacityS == report.Reactive.OverCapacityS
            ? $"No difference: the predictive run {when}, {seconds}."
            : $"The predictive run did worse: it {when}, {seconds}.";
    }

    public static bool WasTooBusy(DemoReport report) => LateS(report) > LateShareMax * report.HotShardDemand.Count;

    /// <summary>What the same work costs depends on what else runs: a run that was dearer from the start is another
    /// run.</summary>
    public static bool HasChanged(DemoReport report) => HasChanged(report.Reactive) || HasChanged(report.Predictive);

    private static bool HasChanged(DemoRunReport run)
    {
        var difference = Math.Abs(run.StartShare - run.CalibratedStartShare);
        return !(difference <= StartShareDifferenceMax * Math.Max(run.StartShare, run.CalibratedStartShare));
    }

    private static int LateS(DemoReport report) => Math.Max(report.Reactive.LateS, report.Predictive.LateS);

    private static string Percent(double share) =>
        (share * 100).ToString("F0", CultureInfo.InvariantCulture) + " %";

    private static string When(DemoReport report)
    {
        if (report.FirstRelief(report.Predictive) is not { } first)
            return "moved nothing off the hot node";
        if (report.Predictive.OverloadS is not { } overload)
            return "moved although no overload was due";
        var before = overload - first;
        return string.Create(CultureInfo.InvariantCulture,
            $"moved {Math.Abs(before):F0} s {(before > 0 ? "before" : "after")} the overload was due");
    }
}
