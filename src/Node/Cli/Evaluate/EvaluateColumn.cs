using System.Globalization;
using ShardStore.Balancer.Evaluation;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>Which way a figure is better.</summary>
internal enum Better
{
    Lower = 1,
    Higher = 2,
    /// <summary>Neither: it is read with others, or against its nominal value.</summary>
    Neither = 3,
}

/// <summary>A column of the table of methods, on the console and in the report.</summary>
internal sealed record EvaluateColumn(
    string Name, string Meaning, Better Better, int Digits, Func<MethodScores, double?> Figure)
{
    public static IReadOnlyList<EvaluateColumn> All { get; } =
    [
        .. EvaluateJson.Horizons.Select(horizon => new EvaluateColumn(
            $"relM {horizon}", $"error over steps 1 to {horizon} divided by that of naive", Better.Lower, 3,
            method => method.RelativeErrorsTo[horizon - 1])),
        new("MASE 12", "error over 12 steps, in mean changes of one step", Better.Lower, 3, method => method.Error),
        new("pinball 12", "loss of the 0.9 quantile over 12 steps, in the same unit", Better.Lower, 3,
            method => method.Pinball),
        new("cover 12", "share of values at or below the 0.9 quantile", Better.Neither, 3, method => method.Covered),
        new("F1 point", "alarms of the point forecast for overloads within 12 steps, at quiet moments",
            Better.Higher, 3, method => method.PointF1Quiet),
        new("F1 q90", "the same for alarms of the 0.9 quantile", Better.Higher, 3, method => method.HighF1Quiet),
        new("lead", "steps from the first alarm of the 0.9 quantile to the overload, 12 at most", Better.Neither, 2,
            method => method.HighLead),
        new("recall", "share of overloads with such an alarm", Better.Neither, 3, method => method.HighRecall),
        new("hot", "share of the hottest tenth of shards that the forecast names", Better.Higher, 3,
            method => method.HotHit),
    ];

    public string Text(MethodScores method) => Figure(method) is { } number && double.IsFinite(number)
        ? number.ToString("F" + Digits, CultureInfo.InvariantCulture)
        : "-";

    /// <summary>Whether no method of the set has a better figure, as far as the digits shown tell.</summary>
    public bool IsBest(MethodScores method, SetScores set)
    {
        if (Better == Better.Neither || Text(method) == "-")
            return false;
        var shown = set.Methods.Where(other => Text(other) != "-")
            .Select(other => double.Parse(Text(other), CultureInfo.InvariantCulture)).ToList();
        var best = Better == Better.Lower ? shown.Min() : shown.Max();
        return Text(method) == best.ToString("F" + Digits, CultureInfo.InvariantCulture);
    }
}
