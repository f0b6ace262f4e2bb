namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// ARIMA with its order chosen for each series: up to five past values and two past errors, a difference and a seasonal
/// difference where they pay. The quantiles are those of normal errors that add up as the model says.
/// </summary>
public sealed class Arima : PointForecaster
{
    public const string MethodName = "arima";

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
        => TooShort(historyCount, ArimaSearch.HistoryMin);

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        var model = ArimaSearch.Best(history, shape);
        var band = ErrorBand.Normal(model.Deviations(ForecastLevels.StepsMax));
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
