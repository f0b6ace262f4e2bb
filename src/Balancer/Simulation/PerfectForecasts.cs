using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>Forecasts that come true to the tick: all quantiles are what will be.</summary>
internal sealed class PerfectForecasts
{
    private const string Method = "oracle";

    private static readonly double[] s_levels = [0.5];

    private readonly DemandTable _demand;
    private readonly int _steps;

    public PerfectForecasts(DemandTable demand, BalancingPolicy policy)
    {
        _demand = demand;
        _steps = Math.Max(1, (int)Math.Ceiling(policy.Triggers.HorizonMinutes * 60 / demand.TickSeconds));
    }

    public ImmutableArray<QuantileForecast> At(int tick)
    {
        var forecasts = new QuantileForecast[_demand.Shards];
        for (var shard = 0; shard < forecasts.Length; shard++)
        {
            var values = new double[_steps];
            for (var step = 0; step < values.Length; step++)
            {
                values[step] = _demand.Ops(shard, tick + step);
            }

            forecasts[shard] = new QuantileForecast(
                _demand.TickSeconds, s_levels, values, Method, ForecastState.Ok);
        }

        return ImmutableArray.Create(forecasts);
    }
}
