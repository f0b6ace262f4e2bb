namespace ShardStore.Balancer.Forecasting;

/// <summary>The fit of a <see cref="PointForecaster"/>.</summary>
/// <param name="Method">Name of the forecaster that can read it.</param>
/// <param name="HistoryCount">Values it was estimated from.</param>
/// <param name="Band">How wrong the method was, or is expected to be.</param>
/// <param name="NeverNegative">No value of the history lay below 0: then no quantile does.</param>
internal record PointFit(string Method, int HistoryCount, ErrorBand Band, bool NeverNegative)
    : SeriesFit(HistoryCount);
