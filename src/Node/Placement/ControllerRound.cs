using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Node.Placement;

/// <summary>What the controller saw and decided last; immutable, for the API and for people.</summary>
public sealed record ControllerRound(
    long AtMs, ClusterSnapshot Snapshot, Decision Decision, ForecastRound Forecasts)
{
    public required ModelReport Models { get; init; }

    public QuantileForecast? ForecastOf(int shard) =>
        Forecasts.Series.FirstOrDefault(series => series.Id.Value == shard)?.Forecast;
}
