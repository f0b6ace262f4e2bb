using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Tests.Forecasting;

internal static class ForecasterCalls
{
    /// <summary>One forecast from scratch, of values that need not be kept.</summary>
    public static QuantileForecast Forecast(
        this IDemandForecaster forecaster, ReadOnlySpan<double> history, SeriesShape shape, int steps)
        => forecaster.Forecast(new ForecastInput(history.ToArray(), shape), steps);
}
