namespace ShardStore.Balancer.Forecasting;

/// <summary>One history in a batch, oldest value first, and the shape of its series at its last value.</summary>
/// <param name="Fit">What the same forecaster estimated from an earlier part of this series; null: it estimates on the
/// spot whatever it needs.</param>
public readonly record struct ForecastInput(
    ReadOnlyMemory<double> History, SeriesShape Shape, SeriesFit? Fit = null);
