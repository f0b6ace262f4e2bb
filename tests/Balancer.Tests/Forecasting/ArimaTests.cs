using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ArimaTests
{
    private const int Steps = ForecastLevels.StepsMax;

    private static readonly SeriesShape s_seasonless = SeriesShape.WithoutSeason(60);

    [Fact]
    public void An_autoregression_of_order_two_is_found()
    {
        var values = GeneratedLoad.Wave(1200, seed: 51);
        var model = ArimaSearch.Best(values, s_seasonless);
        Assert.Equal(0, model.Order.Differences);
        Assert.InRange(model.Order.Values, 2, 3);
        Assert.Equal(GeneratedLoad.WaveWeights[0], model.ValueWeights[0], 0.1);
        Assert.Equal(GeneratedLoad.WaveWeights[1], model.ValueWeights[1], 0.15);
        Assert.InRange(model.Variance, 90, 110);
    }

    [Fact]
    public void White_noise_is_forecast_by_its_mean()
    {
        var forecasts = Seeds(seed => GeneratedLoad.WhiteNoise(1000, seed));
        Assert.All(forecasts, f => Assert.Equal(1000, f.Forecast.At(12, 0.5), 20.0));
        foreach (var step in new[] { 1, 12, Steps })
        {
            Assert.Equal(1128, forecasts.Average(f => f.Forecast.At(step, 0.9)), 15.0);
        }
    }

    [Fact]
    public void A_random_walk_is_forecast_by_its_last_value_and_ever_less_surely()
    {
        var forecasts = Seeds(seed => GeneratedLoad.RandomWalk(1500, seed));
        foreach (var step in new[] { 1, 12, Steps })
        {
            var spread = 128.2 * Math.Sqrt(step);
            Assert.All(forecasts, f => Assert.Equal(f.Last, f.Forecast.At(step, 0.5), spread));
            var mean = forecasts.Average(f => f.Forecast.At(step, 0.9) - f.Forecast.At(step, 0.5));
            Assert.InRange(mean, 0.75 * spread, 1.25 * spread);
        }
    }

    [Fact]
    public void A_clean_day_is_worth_a_seasonal_difference()
    {
        var values = GeneratedLoad.DayCurve(5 * GeneratedLoad.DaySteps, noise: 0.5, seed: 54);
        // A load that jumps at the full hour, every day the same: no short memory explains that.
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += i % GeneratedLoad.DaySteps % 37 < 5 ? 300 : 0;
        }

        var model = ArimaSearch.Best(values, GeneratedLoad.Daily);
        Assert.Equal(GeneratedLoad.DaySteps, model.Order.SeasonSteps);
        var path = new double[Steps];
        model.Trace(values, path);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(values[^(GeneratedLoad.DaySteps - step + 1)], path[step - 1], 5.0);
        }
    }

    [Theory]
    [InlineData("one value, decaying", new[] { 0.9 }, true)]
    [InlineData("one value, exploding", new[] { 1.01 }, false)]
    [InlineData("a wave that dies out", new[] { 1.4, -0.7 }, true)]
    [InlineData("a wave that grows", new[] { 1.4, -1.1 }, false)]
    [InlineData("two that sum to one", new[] { 0.5, 0.5 }, false)]
    [InlineData("no number", new[] { double.NaN }, false)]
    public void A_model_is_stable_or_not(string what, double[] weights, bool stable)
        => Assert.True(stable == ArimaModel.IsStable(weights, 1), what);

    [Fact]
    public void Its_forecast_stays_within_half_the_range_beyond_what_was()
    {
        // Speeding up to the last moment: extrapolated, it would be far away in thirty steps.
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i < 370 ? 10.0 : 10 + Math.Pow(1.3, i - 370))];
        var forecast = new Arima().Forecast(values, s_seasonless, Steps);
        var range = values.Max() - values.Min();
        for (var step = 1; step <= Steps; step++)
        {
            Assert.InRange(forecast.At(step, 0.5), values.Min() - (range / 2), values.Max() + (range / 2));
        }
    }

    private static List<(QuantileForecast Forecast, double Last)> Seeds(Func<int, double[]> make)
        => [.. Enumerable.Range(1, 12).Select(make)
            .Select(values => (new Arima().Forecast(values, s_seasonless, Steps), values[^1]))];
}
