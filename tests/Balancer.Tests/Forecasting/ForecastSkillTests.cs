using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>Each method on the loads it is made for, and on those where nothing beats the last value.</summary>
public class ForecastSkillTests(ITestOutputHelper output)
{
    private const int Steps = 12;
    private const int Known = 10 * GeneratedLoad.DaySteps;
    private const int Origins = 150;

    [Theory]
    [InlineData("seasonal-naive", 0.85)]
    [InlineData("holt-winters", 0.65)]
    [InlineData("ridge", 0.65)]
    [InlineData("arima", 0.9)]
    [InlineData("decomposable", 0.65)]
    [InlineData("analog", 0.65)]
    public void A_day_with_some_noise_is_foreseen(string name, double most)
        => AssertError(name, seed => GeneratedLoad.DayCurve(Known + 400, noise: 60, seed), 0, most);

    [Theory]
    [InlineData("mean-12", 0.8)]
    [InlineData("ses", 0.8)]
    [InlineData("theta", 0.8)]
    [InlineData("holt-winters", 0.8)]
    [InlineData("ridge", 0.8)]
    [InlineData("arima", 0.8)]
    [InlineData("decomposable", 0.8)]
    [InlineData("analog", 0.8)]
    public void White_noise_is_smoothed(string name, double most)
        => AssertError(name, seed => GeneratedLoad.WhiteNoise(Known + 400, seed), 0.6, most);

    [Theory]
    [InlineData("last-value", 1.0)]
    [InlineData("ses", 1.05)]
    [InlineData("theta", 1.1)]
    [InlineData("ridge", 1.15)]
    [InlineData("arima", 1.15)]
    [InlineData("decomposable", 1.25)]
    [InlineData("analog", 1.25)]
    public void A_random_walk_is_made_little_worse(string name, double most)
        => AssertError(name, seed => GeneratedLoad.RandomWalk(Known + 400, seed), 0.9, most);

    [Fact]
    public void What_repeats_by_the_week_is_left_to_the_week()
    {
        var values = new double[21 * GeneratedLoad.DaySteps];
        for (var i = 0; i < values.Length; i++)
        {
            var day = i / GeneratedLoad.DaySteps % 7;
            values[i] = (day < 5 ? 1000 : 200) + (i % GeneratedLoad.DaySteps);
        }

        // Saturday, not long after midnight: the day before says nothing.
        var known = values.AsSpan(0, (19 * GeneratedLoad.DaySteps) + 5);
        var forecast = SeasonalNaive.Week().Forecast(known, GeneratedLoad.Daily, Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(values[known.Length + step - 1], forecast.At(step, 0.5));
        }

        var young = SeasonalNaive.Week().Forecast(known[..4000], GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.NotEnoughHistory, young.State);
        Assert.Equal("4000 samples, 4032 are needed for a season of 2016", young.Reason);
    }

    [Fact]
    public void Without_a_season_Holt_Winters_is_simple_smoothing()
    {
        var values = GeneratedLoad.WhiteNoise(400, seed: 5);
        var shape = SeriesShape.WithoutSeason(60);
        var smoothed = new SimpleSmoothing().Forecast(values, shape, Steps);
        var forecast = new HoltWinters().Forecast(values, shape, Steps);
        Assert.Equal(ForecastState.Ok, forecast.State);
        Assert.Equal(smoothed.Values, forecast.Values);
    }

    private void AssertError(string name, Func<int, double[]> make, double least, double most)
    {
        var forecaster = StatisticalForecastersTests.Made(name);
        var (error, naive) = (0.0, 0.0);
        for (var seed = 81; seed <= 83; seed++)
        {
            var values = make(seed);
            SeriesFit? fit = null;
            for (var i = 0; i < Origins; i++)
            {
                var input = new ForecastInput(values.AsMemory(0, Known + (2 * i)), GeneratedLoad.Daily);
                fit = i % 25 == 0 ? forecaster.Fit(input.History.Span, input.Shape) : fit;
                var forecast = forecaster.Forecast(input with { Fit = fit }, Steps);
                for (var step = 1; step <= Steps; step++)
                {
                    var truth = values[input.History.Length + step - 1];
                    error += Math.Abs(truth - forecast.At(step, 0.5));
                    naive += Math.Abs(truth - input.History.Span[^1]);
                }
            }
        }

        output.WriteLine($"{name}: error {error / naive:F3} of the last value's");
        Assert.InRange(error / naive, least, most);
    }
}
