namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// ARIMA with its order chosen for each series: up to five past values and two past errors, a difference and a seasonal
/// difference where they pay. The quantiles widen with the horizon as the model says; how many deviations out a level
/// lies is what the model's own errors were, and for a short history what normal errors would be.
/// </summary>
public sealed class Arima : PointForecaster
{
    public const string MethodName = "arima";

    /// <summary>Values whose newer half the quantiles are calibrated on: those the model was estimated from.</summary>
    private const int SampledMax = 2000;

    /// <summary>Values below which the quantiles of normal errors are less wrong than those of the few seen.</summary>
    private const int SampledMin = 128;

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ArimaSearch.HistoryMin);

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        var model = ArimaSearch.Best(history, shape);
        var deviations = model.Deviations(ForecastLevels.StepsMax);
        var window = history[^Math.Min(history.Length, SampledMax + model.Order.Lead)..];
        var originFirst = model.Order.Lead + ArimaSearch.HistoryMin;
        var band = window.Length >= originFirst + SampledMin
            ? ErrorBand.Calibrated(deviations, ErrorSample.BandOf(window, model, originFirst))
            : ErrorBand.Normal(deviations);
        return new ArimaFit(history.Length, band, NeverNegative(history), model);
    }

    private protected override bool Serves(PointFit fit, ReadOnlySpan<double> history, SeriesShape shape)
        => history.Length >= ArimaSearch.HistoryMin + ((ArimaFit)fit).Model.Order.Lead;

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => ((ArimaFit)fit).Model.Trace(history, path);

    private sealed record ArimaFit(int HistoryCount, ErrorBand Band, bool NeverNegative, ArimaModel Model)
        : PointFit(MethodName, HistoryCount, Band, NeverNegative);
}
