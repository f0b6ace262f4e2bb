using ShardStore.Balancer.Evaluation;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The charts of the report.</summary>
internal static class EvaluateCharts
{
    /// <summary>Values shown before a forecast.</summary>
    private const int PastSteps = 120;

    /// <summary>A method worse than this against naive leaves the chart, or the others could not be told
    /// apart.</summary>
    private const double RelativeErrorMax = 2;

    private static readonly (double Width, double Height) s_wide = (520, 300);
    private static readonly (double Width, double Height) s_square = (360, 300);

    /// <summary>CSS class of a method, the same in all charts.</summary>
    public static string StyleOf(string method) => "m-" + method;

    /// <summary>How the error at each step compares with that of the naive method.</summary>
    public static string Skill(SetScores set)
    {
        var shown = set.Methods.SelectMany(method => method.RelativeErrorsAt).Where(double.IsFinite).ToList();
        var range = SvgPlot.RangeOf([0.8, 1.1, .. shown.Select(error => Math.Min(error, RelativeErrorMax))]);
        var plot = new SvgPlot($"Error by step, {set.Set}", s_wide, (1, ProtocolTask.Steps), range)
            .Axes("step ahead", "error, naive = 1");
        foreach (var method in set.Methods)
            plot.Line(method.RelativeErrorsAt.Select((error, i) => (i + 1.0, error)), StyleOf(method.Method),
                method.Method);
        return plot.Finish();
    }

    /// <summary>Whether quantiles hold what they say: on the diagonal they do.</summary>
    public static string Calibration(SetScores set)
    {
        var plot = new SvgPlot($"Calibration, {set.Set}", s_square, (0, 1), (0, 1))
            .Axes("nominal level", "share at or below it")
            .Line([(0, 0), (1, 1)], "ideal", "a calibrated forecast");
        foreach (var method in set.Methods)
        {
            // The median of a point method is its point, which claims no level.
            var points = ForecastLevels.All.Zip(method.LevelsCovered).ToList();
            plot.Line(points, StyleOf(method.Method), method.Method).Dots(points, StyleOf(method.Method));
        }
        return plot.Finish();
    }

    /// <summary>One forecast of one series as a fan, and what came.</summary>
    public static string Fan(ProtocolTask task, SeriesScores scores)
    {
        var origin = task.TestOrigins[SampleOrigin.PlaceIn(task)];
        var first = Math.Max(0, origin - PastSteps);
        var truth = Enumerable.Range(first, origin + ProtocolTask.Steps + 1 - first)
            .Select(i => (X: (double)(i - origin), Y: task.Values[i])).ToList();
        var range = SvgPlot.RangeOf(truth.Select(point => point.Y).Concat(scores.Sample));
        var plot = new SvgPlot($"{scores.Method} on {scores.Series}", s_wide,
            (first - origin, ProtocolTask.Steps), range).Axes("step", "value");
        plot.Band(Between(task, scores, (0.1, 0.99)), "fan outer", "0.1 to 0.99")
            .Band(Between(task, scores, (0.1, 0.9)), "fan middle", "0.1 to 0.9")
            .Band(Between(task, scores, (0.25, 0.75)), "fan inner", "0.25 to 0.75");
        return plot
            .Line([(first - origin, task.Threshold), (ProtocolTask.Steps, task.Threshold)], "threshold",
                "overload threshold")
            .Line(truth.Where(point => point.X <= 0), "past", "known to the forecast")
            .Line(truth.Where(point => point.X >= 0), "came", "what came")
            .Line(Between(task, scores, (0.5, 0.5)).Select(point => (point.X, point.Low)), "median", "median")
            .Finish();
    }

    /// <summary>The fan opens at the last known value.</summary>
    private static List<(double X, double Low, double High)> Between(
        ProtocolTask task, SeriesScores scores, (double Low, double High) levels)
    {
        var last = task.Values[task.TestOrigins[SampleOrigin.PlaceIn(task)]];
        var (low, high) = (
            Array.IndexOf(ForecastLevels.All, levels.Low), Array.IndexOf(ForecastLevels.All, levels.High));
        return
        [
            (0, last, last),
            .. Enumerable.Range(0, ProtocolTask.Steps).Select(step => (
                step + 1.0,
                scores.Sample[(step * ForecastLevels.Count) + low],
                scores.Sample[(step * ForecastLevels.Count) + high])),
        ];
    }
}
