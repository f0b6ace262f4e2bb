using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class DecomposableTests
{
    private const int Steps = ForecastLevels.StepsMax;
    private const int Day = GeneratedLoad.DaySteps;

    [Fact]
    public void A_trend_that_bent_is_continued_as_it_goes_now()
    {
        var noise = GeneratedLoad.WhiteNoise(960, seed: 61);
        // Level for two thirds, then up by one a step.
        double[] values = [.. noise.Select((v, i) => 500 + (0.05 * (v - 1000)) + Math.Max(0, i - 640))];
        var forecast = new Decomposable().Forecast(values, SeriesShape.WithoutSeason(60), Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(500 + 959 + step - 640, forecast.At(step, 0.5), 12.0);
        }
    }

    [Fact]
    public void A_day_and_a_week_are_told_apart()
    {
        var values = Week(15 * Day, seed: 62);
        var known = values[..(14 * Day + 100)];
        var forecast = new Decomposable().Forecast(known, GeneratedLoad.Daily, Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(values[known.Length + step - 1], forecast.At(step, 0.5), 40.0);
        }
    }

    [Fact]
    public void Right_after_a_shift_it_knows_where_the_load_is_now()
    {
        var values = GeneratedLoad.DayCurve(5 * Day, noise: 10, seed: 63);
        for (var i = values.Length - 20; i < values.Length; i++)
        {
            values[i] += 800;
        }

        var forecast = new Decomposable().Forecast(values, GeneratedLoad.Daily, 1);
        Assert.Equal(values[^1], forecast.At(1, 0.5), 120.0);
    }

    [Fact]
    public void A_longer_horizon_is_less_sure_where_the_trend_bends_often()
    {
        var values = new double[1024];
        for (var i = 1; i < values.Length; i++)
        {
            values[i] = values[i - 1] + (i / 100 % 2 == 0 ? 3 : -3);
        }

        var forecast = new Decomposable().Forecast(values, SeriesShape.WithoutSeason(60), Steps);
        Assert.True(
            forecast.At(Steps, 0.9) - forecast.At(Steps, 0.5) > 1.5 * (forecast.At(1, 0.9) - forecast.At(1, 0.5)));
    }

    private static double[] Week(int count, int seed)
    {
        var values = GeneratedLoad.DayCurve(count, noise: 10, seed);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += 200 * Math.Sin(2 * Math.PI * i / (7.0 * Day));
        }

        return values;
    }
}
