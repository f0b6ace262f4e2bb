using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>The methods of one evaluation.</summary>
/// <param name="Methods">Those that look at one series at a time; the first is the naive one, the yardstick of all
/// relative figures.</param>
/// <param name="Acting">Makes the whole forecaster, new for each file; null when it is not asked for.</param>
public sealed record MethodSet(IReadOnlyList<EvaluationMethod> Methods, Func<DemandForecaster>? Acting)
{
    /// <summary>What of the whole forecaster is scored: what acts, and what would without gates.</summary>
    public IReadOnlyList<string> Whole { get; init; } = [];

    /// <summary>Rough time of one forecast of the acting kind: it asks all candidates, one series at a time.</summary>
    private const int ActingCost = 700;

    /// <summary>Names in the order of tables.</summary>
    public IEnumerable<string> Names
        => Methods.Select(method => method.Name).Concat(Whole);

    /// <summary>Rough time of one series, for the time left that is shown.</summary>
    internal long CostOf(ProtocolTask task)
    {
        long calibrated = task.CalibrationOrigins.Count + task.TestOrigins.Count;
        var cost = Methods.Sum(method => method.Cost * (method.IsPoint ? calibrated : task.TestOrigins.Count));
        return cost + (Acting is null ? 0 : ActingCost * calibrated);
    }

    internal static long CostOfActing(int forecasts) => (long)ActingCost * forecasts;
}
