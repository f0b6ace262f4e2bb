using System.Globalization;

namespace ShardStore.Node.Demo;

/// <summary>The last line of the demo, from its figures alone.</summary>
internal static class DemoVerdict
{
    /// <summary>Of the replay: a machine that is late for longer does not let CPU follow demand.</summary>
    private const double LateShareMax = 0.1;

    /// <summary>Of the runs' start from each other. Twice what lies between the load that both balancers act from and
    /// the capacity: beyond it, nodes are over or under their capacity for the machine's sake.</summary>
    private const double RunsDifferenceMax = 0.12;

    /// <summary>Of a run's start from what was calibrated: both runs have the capacity that followed from it, so that
    /// it only says when an overload would be due.</summary>
    private const double CalibrationDifferenceMax = 0.25;

    public static string Of(DemoReport report)
    {
        if (!report.SameLoad)
            return "The runs were not asked the same load: nothing follows from them.";
        if (WasTooBusy(report))
        {
            return $"This machine was too busy to tell: in {LateS(report)} of {report.HotShardDemand.Count} s requests "
                + "waited longer than a second. Try again when less else runs on it.";
        }
        if (HasChanged(report))
        {
            return $"This machine changed meanwhile: before anything moved, the same demand took {Percents(report)} of "
                + $"n{report.HotNode}'s cores. Nothing follows from the runs.";
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
    public static bool HasChanged(DemoReport report) =>
        Differ(report.Reactive.StartShare, report.Predictive.StartShare, RunsDifferenceMax)
        || HasChanged(report.Reactive) || HasChanged(report.Predictive);

    private static bool HasChanged(DemoRunReport run) =>
        Differ(run.StartShare, run.CalibratedStartShare, CalibrationDifferenceMax);

    // A share that is not known differs from all.
    private static bool Differ(double one, double other, double most) =>
        !(Math.Abs(one - other) <= most * Math.Max(one, other));

    private static string Percents(DemoReport report) =>
        $"{Percent(report.Reactive.CalibratedStartShare)} when calibrated, {Percent(report.Reactive.StartShare)} in "
        + $"the reactive run and {Percent(report.Predictive.StartShare)} in the predictive run";

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
