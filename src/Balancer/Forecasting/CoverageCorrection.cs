namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Keeps the 0.9 quantile honest on one series: each sample above the quantile forecast for it widens the upper
/// quantiles, each below narrows them, in the ratio that holds still at nine in ten (adaptive conformal inference,
/// Gibbs and Candès 2021, on the logarithm of the width). It does not move the median or the lower levels.
/// </summary>
internal sealed class CoverageCorrection
{
    private const double Target = 0.9;

    /// <summary>Change of the logarithm for one comparison. A sample is compared with up to eight open forecasts, and
    /// the samples of a burst come together, so it is small: a burst of a dozen steps widens by a fifth.</summary>
    private const double Rate = 0.002;

    // Half to three times the width: beyond that the forecaster is wrong in its median, and width would hide it.
    private const double LogMin = -0.7;
    private const double LogMax = 1.1;

    private double _log;

    public double Width { get; private set; } = 1;

    /// <summary>Whether a sample came out above the quantile that was published for it.</summary>
    public void Observe(bool above)
    {
        _log = Math.Clamp(_log + (Rate * ((above ? 1 : 0) - (1 - Target))), LogMin, LogMax);
        Width = Math.Exp(_log);
    }

    /// <summary>Where a quantile above the median goes.</summary>
    public double Apply(double median, double high) => median + (Width * (high - median));

    public QuantileForecast Apply(QuantileForecast forecast)
    {
        var values = (double[])forecast.Values.Clone();
        for (var row = 0; row < values.Length; row += forecast.Levels.Length)
        {
            var median = values[row + ForecastLevels.MedianColumn];
            for (var i = ForecastLevels.MedianColumn + 1; i < forecast.Levels.Length; i++)
            {
                values[row + i] = Apply(median, values[row + i]);
            }
        }

        return forecast with { Values = values };
    }
}
