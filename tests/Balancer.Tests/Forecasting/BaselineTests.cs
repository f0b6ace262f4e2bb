using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class BaselineTests
{
    private const int Steps = ForecastLevels.StepsMax;

    [Fact]
    public void Last_value_repeats_the_last_value()
    {
        var history = GeneratedLoad.WhiteNoise(500, seed: 1);
        var forecast = new LastValue().Forecast(history, GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.Ok, forecast.State);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(history[^1], forecast.At(step, 0.5));
        }
    }

    [Fact]
    public void Seasonal_naive_repeats_the_day_before()
    {
        var history = GeneratedLoad.DayCurve(3 * GeneratedLoad.DaySteps, noise: 20, seed: 2);
        var forecast = new SeasonalNaive().Forecast(history, GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.Ok, forecast.State);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(history[^(GeneratedLoad.DaySteps - step + 1)], forecast.At(step, 0.5));
        }
    }

    [Fact]
    public void A_season_shorter_than_the_horizon_repeats_the_last_known_one()
    {
        var history = Enumerable.Range(0, 240).Select(i => (double)(i % 24)).ToArray();
        var forecast = new SeasonalNaive().Forecast(history, new SeriesShape(3600, 24, 0), Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal((239 + step) % 24, forecast.At(step, 0.5));
        }
    }

    [Fact]
    public void The_upper_quantile_covers_its_share_of_noise()
    {
        var covered = 0;
        var values = GeneratedLoad.WhiteNoise(3000, seed: 3);
        for (var origin = 600; origin < 2900; origin++)
        {
            var forecast = new LastValue().Forecast(values.AsSpan(origin - 500, 500), GeneratedLoad.Daily, 1);
            covered += values[origin] <= forecast.At(1, 0.9) ? 1 : 0;
        }

        Assert.InRange(covered / 2300.0, 0.87, 0.93);
    }

    [Fact]
    public void Without_a_season_seasonal_naive_answers_as_last_value_and_says_so()
    {
        var history = GeneratedLoad.WhiteNoise(300, seed: 4);
        var none = new SeasonalNaive().Forecast(history, SeriesShape.WithoutSeason(300), Steps);
        var young = new SeasonalNaive().Forecast(history, GeneratedLoad.Daily, Steps);
        var last = new LastValue().Forecast(history, GeneratedLoad.Daily, Steps);
        Assert.Equal(last.Values, none.Values);
        Assert.Equal(ForecastState.NotEnoughHistory, none.State);
        Assert.Equal("the series has no season", none.Reason);
        Assert.Equal("300 samples, 333 are needed for a season of 288", young.Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(45)]
    public void Too_little_history_is_said(int count)
    {
        var forecast = new LastValue().Forecast(GeneratedLoad.Constant(count, 9), GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.NotEnoughHistory, forecast.State);
        Assert.Equal($"{count} samples, 46 are needed", forecast.Reason);
        Assert.All(forecast.Values, v => Assert.Equal(count == 0 ? 0 : 9, v));
    }

    [Fact]
    public void Quantiles_never_fall_and_stay_at_or_above_zero_where_the_load_does()
    {
        foreach (var forecaster in new IDemandForecaster[] { new LastValue(), new SeasonalNaive() })
        {
            var forecast = forecaster.Forecast(
                GeneratedLoad.DayCurve(900, noise: 0, seed: 5), GeneratedLoad.Daily, Steps);
            ForecastShape.AssertOrdered(forecast);
            Assert.All(forecast.Values, v => Assert.True(v >= 0));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void A_horizon_out_of_range_is_named(int steps)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new LastValue().Forecast([1, 2], GeneratedLoad.Daily, steps));
        Assert.Contains("1 to 30 steps", error.Message, StringComparison.Ordinal);
    }
}
