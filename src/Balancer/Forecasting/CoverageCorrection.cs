namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Keeps the quantiles of one candidate honest on one series and one reach: each sample beyond the quantile published
/// for it moves that quantile away from the median, each within moves it closer, in the ratio that holds still at its
/// level (adaptive conformal inference, Gibbs and Candès 2021, on the logarithm of the distance). It does not move
/// the median.
/// </summary>
internal sealed class CoverageCorrection(double rate)
{
    // A fifth to five times the distance: beyond that the forecaster is wrong in its median, and width would hide it.
    private const double LogMax = 1.6;

    private readonly double[] _logs = new double[ForecastLevels.Count];

    /// <summary>The logarithm of the factor for the distance of each level from the median.</summary>
    public ReadOnlySpan<double> Logs => _logs;

    /// <summary>Holds a sample against the quantiles that were published for it.</summary>
    public void Observe(ReadOnlySpan<float> published, double value)
    {
        for (var i = 0; i < _logs.Length; i++)
        {
            var level = ForecastLevels.All[i];
            var (beyond, expected) = i < ForecastLevels.MedianColumn
                ? (value < published[i], level)
                : (value > published[i], 1 - level);
            _logs[i] = i == ForecastLevels.MedianColumn
                ? 0
                : Math.Clamp(_logs[i] + (rate * ((beyond ? 1 : 0) - expected)), -LogMax, LogMax);
        }
    }

    /// <summary>Where the levels of one step go when <paramref name="logs"/> apply. Outer levels stay outside inner
    /// ones, whatever each has learned.</summary>
    public static void Apply(ReadOnlySpan<double> logs, ReadOnlySpan<double> levels, Span<double> corrected)
    {
        const int middle = ForecastLevels.MedianColumn;
        var median = levels[middle];
        corrected[middle] = median;
        for (var i = middle - 1; i >= 0; i--)
        {
            corrected[i] = Math.Min(corrected[i + 1], median + (Math.Exp(logs[i]) * (levels[i] - median)));
        }

        for (var i = middle + 1; i < levels.Length; i++)
        {
            corrected[i] = Math.Max(corrected[i - 1], median + (Math.Exp(logs[i]) * (levels[i] - median)));
        }
    }
}
