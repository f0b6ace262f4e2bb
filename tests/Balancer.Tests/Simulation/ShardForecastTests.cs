using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;
using Xunit;

namespace ShardStore.Balancer.Tests.Simulation;

public class ShardForecastTests
{
    [Theory]
    [InlineData(10, 0, 60)]
    [InlineData(1500, 300, 360)]
    public void Of_many_shards_forecasts_are_made_each_quarter_of_an_hour_and_grow_older_between(
        int shards, double nextStep, double nextMinute)
    {
        var demand = SimulationRuns.Flat([.. Enumerable.Range(1, shards).Select(shard => (double)shard)]);
        var forecasts = new ShardForecasts(demand, DemandForecaster.OfBaselines(shards));

        forecasts.Forecast(60);
        Assert.Equal((0, 60), (Age(0), Age(60)));
        forecasts.Forecast(61);
        Assert.Equal((nextStep, nextMinute), (Age(0), Age(60)));
        forecasts.Forecast(62);
        forecasts.Forecast(63);
        Assert.Equal(0, Age(0));
        Assert.Equal(3, forecasts.At(0)[2].At(1, 0.5), 6);

        double Age(double seconds) => forecasts.At(seconds)[2].AgeSeconds;
    }
}
