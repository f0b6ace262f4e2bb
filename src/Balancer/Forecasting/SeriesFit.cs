namespace ShardStore.Balancer.Forecasting;

/// <summary>What a forecaster estimated of one series. Immutable: it is kept between rounds and shared by
/// forecasts.</summary>
/// <param name="HistoryCount">Values it was estimated from.</param>
public abstract record SeriesFit(int HistoryCount);
