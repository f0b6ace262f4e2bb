using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

public class LstmForecasterTests(ITestOutputHelper output)
{
    private const int Steps = ForecastLevels.StepsMax;
    private const int Day = GeneratedLoad.DaySteps;

    [Fact]
    public void Beats_the_last_value_and_the_day_before_on_a_day_curve_with_noise()
    {
        var values = GeneratedLoad.DayCurve(7 * Day, noise: 100, seed: 21);
        var (lstm, last, seasonal) = (0.0, 0.0, 0.0);
        for (var known = 5 * Day; known < (7 * Day) - Steps; known += 7)
        {
            var history = values.AsSpan(0, known);
            var truth = values.AsSpan(known, Steps);
            lstm += Error(ShippedModel.Lstm, history, truth);
            last += Error(new LastValue(), history, truth);
            seasonal += Error(new SeasonalNaive(), history, truth);
        }

        output.WriteLine($"seed 21: lstm {lstm / last:F2} of last-value, {lstm / seasonal:F2} of seasonal-naive");
        Assert.True(lstm < 0.6 * last, $"seed 21: {lstm / last:F2} of last-value");
        Assert.True(lstm < 0.9 * seasonal, $"seed 21: {lstm / seasonal:F2} of seasonal-naive");
    }

    [Fact]
    public void Its_upper_quantile_covers_about_its_share_on_a_day_curve_with_noise()
    {
        var values = GeneratedLoad.DayCurve(7 * Day, noise: 100, seed: 22);
        var (covered, count) = (0, 0);
        for (var known = 5 * Day; known < (7 * Day) - Steps; known += 7)
        {
            var forecast = ShippedModel.Lstm.Forecast(values.AsSpan(0, known), GeneratedLoad.Daily, Steps);
            for (var step = 1; step <= Steps; step++, count++)
            {
                covered += values[known + step - 1] <= forecast.At(step, 0.9) ? 1 : 0;
            }
        }

        Assert.InRange(covered / (double)count, 0.8, 0.98);
    }

    [Fact]
    public void Follows_a_level_shift()
    {
        var values = GeneratedLoad.LevelShift(1000, stepsSince: 24, seed: 23);
        var forecast = ShippedModel.Lstm.Forecast(values, GeneratedLoad.Daily, Steps);
        Assert.InRange(forecast.At(1, 0.5), 450, 550);
        Assert.InRange(forecast.At(12, 0.5), 350, 600);
    }

    [Fact]
    public void A_load_that_does_not_move_stays()
    {
        var forecast = ShippedModel.Lstm.Forecast(
            GeneratedLoad.Constant(400, 42), GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.Ok, forecast.State);
        Assert.All(forecast.Values, v => Assert.Equal(42, v));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    public void Less_than_a_window_is_said(int count)
    {
        var forecast = ShippedModel.Lstm.Forecast(
            GeneratedLoad.WhiteNoise(count, seed: 24), GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.NotEnoughHistory, forecast.State);
        Assert.Equal($"{count} samples, the model needs 96", forecast.Reason);
        ForecastShape.AssertOrdered(forecast);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(-1.0)]
    [InlineData(1e12)]
    public void Scale_and_sign_do_not_matter(double factor)
    {
        var plain = GeneratedLoad.DayCurve(3 * Day, noise: 50, seed: 25);
        var scaled = Array.ConvertAll(plain, v => v / 2000 * factor);
        var forecast = ShippedModel.Lstm.Forecast(scaled, GeneratedLoad.Daily, Steps);
        Assert.Equal(ForecastState.Ok, forecast.State);
        ForecastShape.AssertOrdered(forecast);
        if (factor > 0)
        {
            var expected = ShippedModel.Lstm.Forecast(plain, GeneratedLoad.Daily, Steps);
            Assert.Equal(expected.At(12, 0.9) / 2000, forecast.At(12, 0.9) / factor, tolerance: 1e-4);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1.7e308)]
    public void Values_beyond_arithmetic_are_refused_without_spoiling_the_batch(double bad)
    {
        var good = GeneratedLoad.WhiteNoise(300, seed: 26);
        var damaged = Array.ConvertAll(good, v => v > 1000 ? bad : -bad);
        ForecastInput[] inputs =
            [new(good, GeneratedLoad.Daily), new(damaged, GeneratedLoad.Daily), new(good, GeneratedLoad.Daily)];
        var forecasts = ShippedModel.Lstm.ForecastMany(inputs, Steps);
        Assert.Equal(ForecastState.Fallback, forecasts[1].State);
        Assert.All(forecasts[1].Values, v => Assert.True(double.IsFinite(v)));
        Assert.Equal(ForecastState.Ok, forecasts[0].State);
        Assert.Equal(forecasts[0].Values, forecasts[2].Values);
    }

    [Fact]
    public void Quantiles_never_cross_whatever_the_history()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = new double[random.Next(96, 700)];
            var magnitude = Math.Pow(10, random.Next(-6, 9));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = magnitude * Math.Pow(random.NextDouble(), random.Next(1, 12)) * (random.Next(3) - 1);
            }

            var shape = new SeriesShape(60, random.Next(3) * random.Next(150), 0);
            var forecast = ShippedModel.Lstm.Forecast(values, shape, random.Next(1, Steps + 1));
            Assert.Equal(ForecastState.Ok, forecast.State);
            ForecastShape.AssertOrdered(forecast);
        }
    }

    [Fact]
    public void A_batch_answers_as_one_by_one()
    {
        var inputs = Enumerable.Range(0, 150)
            .Select(i => new ForecastInput(GeneratedLoad.DayCurve(50 + (5 * i), 50, i), GeneratedLoad.Daily))
            .ToArray();
        var together = ShippedModel.Lstm.ForecastMany(inputs, 12);
        for (var i = 0; i < inputs.Length; i++)
        {
            var alone = ShippedModel.Lstm.Forecast(inputs[i].History.Span, inputs[i].Shape, 12);
            Assert.Equal(alone.Values, together[i].Values);
            Assert.Equal(alone.State, together[i].State);
        }

        Assert.Empty(ShippedModel.Lstm.ForecastMany([], 12));
    }

    private static double Error(IDemandForecaster forecaster, ReadOnlySpan<double> history, ReadOnlySpan<double> truth)
    {
        var forecast = forecaster.Forecast(history, GeneratedLoad.Daily, truth.Length);
        var error = 0.0;
        for (var step = 1; step <= truth.Length; step++)
        {
            error += Math.Abs(truth[step - 1] - forecast.At(step, 0.5));
        }

        return error;
    }
}
