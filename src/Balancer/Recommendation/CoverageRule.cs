using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer;

/// <summary>How often the acting quantile covered what came, over all shards by their load. <paramref name="Worst"/>:
/// the shard that it covered least.</summary>
public sealed record CoverageFinding(double Level, double Share, ShardId Worst, double WorstShare)
{
    public bool IsTooLow => Share < Level - CoverageRule.ShortfallMax;
}

/// <summary>Whether the forecasts that act keep what they promise. Only the upper side is looked at: a quantile that
/// covers too little calls breaches too late, while one that covers too much shows in moves that were not needed
/// (<see cref="OutcomeTally"/>), and on a load that hardly moves every quantile covers everything.</summary>
public static class CoverageRule
{
    /// <summary>A quantile that should cover 90 % and covers less than 80 % is wrong twice as often as it says.
    /// </summary>
    public const double ShortfallMax = 0.1;

    /// <summary>Fewer comparisons of a series say nothing: four hours of five-minute steps.</summary>
    private const double ComparedMin = 48;

    /// <summary>Null while no series has been compared often enough.</summary>
    /// <param name="series">The forecasts that act.</param>
    /// <param name="actQuantile">The policy's; the nearest level that is forecast is looked at.</param>
    public static CoverageFinding? Of(IEnumerable<SeriesForecast> series, double actQuantile)
    {
        double weights = 0, covered = 0, level = 0, lowest = double.PositiveInfinity;
        var worst = default(ShardId);
        foreach (var one in series)
        {
            if (one.Coverage.Count == 0 || one.Forecast.Steps == 0)
                continue;
            var record = one.Coverage.MinBy(at => Math.Abs(at.Level - actQuantile));
            if (record.Compared < ComparedMin || !double.IsFinite(record.Share))
                continue;
            var weight = Math.Max(0, one.Forecast.At(1, MiddleOf(one.Forecast.Levels)));
            if (!double.IsFinite(weight) || weight <= 0)
                continue;
            (weights, covered, level) = (weights + weight, covered + (weight * record.Share), record.Level);
            if (record.Share < lowest)
                (worst, lowest) = (new ShardId((int)one.Id.Value), record.Share);
        }
        return weights > 0 ? new CoverageFinding(level, covered / weights, worst, lowest) : null;
    }

    private static double MiddleOf(double[] levels) => levels.MinBy(level => Math.Abs(level - 0.5));
}
