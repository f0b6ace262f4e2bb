using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>What holds for every forecaster that fits a series, whatever its method.</summary>
public class StatisticalForecastersTests
{
    private const int Steps = ForecastLevels.StepsMax;

    public static TheoryData<string> Names => new(StatisticalForecasters.Create().Select(f => f.Name));

    internal static IDemandForecaster Made(string name)
        => Assert.Single(StatisticalForecasters.Create(), f => f.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fit_made_before_serves_as_one_made_now(string name)
    {
        var forecaster = Made(name);
        var values = GeneratedLoad.DayCurve(15 * GeneratedLoad.DaySteps, noise: 30, seed: 41);
        var fit = forecaster.Fit(values, GeneratedLoad.Daily);
        Assert.NotNull(fit);
        Assert.Equal(values.Length, fit.HistoryCount);
        var now = forecaster.Forecast(values, GeneratedLoad.Daily, Steps);
        var kept = forecaster.Forecast(new ForecastInput(values, GeneratedLoad.Daily, fit), Steps);
        Assert.Equal(ForecastState.Ok, now.State);
        Assert.Equal(values.Length, now.HistoryCount);
        Assert.Equal(now.Values, Made(name).Forecast(values, GeneratedLoad.Daily, Steps).Values);
        for (var i = 0; i < now.Values.Length; i++)
        {
            Assert.Equal(now.Values[i], kept.Values[i], 1e-9 * Math.Abs(now.Values[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_fit_of_another_forecaster_is_not_taken(string name)
    {
        var values = GeneratedLoad.DayCurve(15 * GeneratedLoad.DaySteps, noise: 30, seed: 42);
        var foreign = Made(name == "ses" ? "theta" : "ses").Fit(values, GeneratedLoad.Daily);
        var forecaster = Made(name);
        var forecast = forecaster.Forecast(new ForecastInput(values, GeneratedLoad.Daily, foreign), Steps);
        Assert.Equal(forecaster.Forecast(values, GeneratedLoad.Daily, Steps).Values, forecast.Values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Twice_the_load_is_twice_the_forecast(string name)
    {
        var forecaster = Made(name);
        foreach (var unit in new[] { 1e-6, 3.0, 1e9 })
        {
            var values = GeneratedLoad.DayCurve(15 * GeneratedLoad.DaySteps, noise: 50, seed: 43);
            var plain = forecaster.Forecast(values, GeneratedLoad.Daily, Steps);
            var other = forecaster.Forecast(Array.ConvertAll(values, v => v * unit), GeneratedLoad.Daily, Steps);
            for (var i = 0; i < plain.Values.Length; i++)
            {
                Assert.Equal(plain.Values[i] * unit, other.Values[i], 1e-4 * Math.Abs(plain.Values[i] * unit));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Odd_histories_give_finite_ordered_quantiles(string name)
    {
        var forecaster = Made(name);
        foreach (var (what, values) in OddHistories())
        {
            foreach (var shape in new[]
            {
                GeneratedLoad.Daily, SeriesShape.WithoutSeason(60), new SeriesShape(60, 2, 0),
                new SeriesShape(1, int.MaxValue, 0), new SeriesShape(3600, 24, 0),
            })
            {
                foreach (var steps in new[] { 1, 30 })
                {
                    var fit = forecaster.Fit(values, shape);
                    var forecast = forecaster.Forecast(new ForecastInput(values, shape, fit), steps);
                    Assert.True(steps == forecast.Steps, what);
                    ForecastShape.AssertOrdered(forecast);
                    Assert.True(forecast.State == ForecastState.Ok || forecast.Reason is not null, what);
                    if (values.Length > 0 && values.Min() >= 0)
                    {
                        Assert.True(forecast.Values.Min() >= 0, $"{name}, {what}: below 0");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_load_that_does_not_move_is_forecast_to_stay(string name)
    {
        foreach (var level in new[] { 0, 7.0, -3, 1e300 })
        {
            var values = GeneratedLoad.Constant(1500, level);
            var forecast = Made(name).Forecast(values, GeneratedLoad.Daily, Steps);
            Assert.All(forecast.Values, v => Assert.Equal(level, v, 1e-6 * Math.Abs(level)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_upper_quantile_covers_its_share(string name)
    {
        var forecaster = Made(name);
        var (covered, count) = (0, 0);
        for (var seed = 1; seed <= 12; seed++)
        {
            var values = GeneratedLoad.DayCurve(4600, noise: 60, seed);
            var known = values.AsMemory(0, 4100);
            var fit = forecaster.Fit(known.Span, GeneratedLoad.Daily);
            for (var origin = 4100; origin < 4560; origin += 23)
            {
                var input = new ForecastInput(values.AsMemory(0, origin), GeneratedLoad.Daily, fit);
                var forecast = forecaster.Forecast(input, 12);
                foreach (var step in new[] { 1, 6, 12 })
                {
                    covered += values[origin + step - 1] <= forecast.At(step, 0.9) ? 1 : 0;
                    count++;
                }
            }
        }

        Assert.InRange(covered / (double)count, 0.85, 0.95);
    }

    private static IEnumerable<(string What, double[] Values)> OddHistories()
    {
        yield return ("nothing", []);
        foreach (var count in new[] { 1, 2, 13, 17, 30, 46, 65, 120, 700 })
        {
            yield return ($"{count} equal", GeneratedLoad.Constant(count, 5));
            yield return ($"{count} of noise", GeneratedLoad.WhiteNoise(count, seed: count));
            yield return ($"{count} of a walk", GeneratedLoad.RandomWalk(count, seed: count));
            yield return ($"{count} huge", [.. GeneratedLoad.WhiteNoise(count, 1).Select(v => v * 1e297)]);
            yield return ($"{count} near the limit", Alternating(count, double.MaxValue));
            yield return ($"{count} tiny", Alternating(count, 1e-300));
            yield return ($"{count} negative", [.. GeneratedLoad.WhiteNoise(count, 2).Select(v => -v)]);
            yield return ($"{count} with one giant", Spiked(count));
        }

        yield return ("a step up", GeneratedLoad.LevelShift(900, stepsSince: 3, seed: 1));
        yield return ("a step long ago", GeneratedLoad.LevelShift(900, stepsSince: 400, seed: 1));
        yield return ("exponential growth", [.. Enumerable.Range(0, 900).Select(i => Math.Pow(1.05, i))]);
        yield return ("zeros, then a load", [.. new double[880], .. GeneratedLoad.WhiteNoise(20, seed: 3)]);
        yield return ("a line", [.. Enumerable.Range(0, 900).Select(i => (double)i)]);
    }

    private static double[] Alternating(int count, double size)
        => [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? size : -size)];

    private static double[] Spiked(int count)
    {
        var values = GeneratedLoad.WhiteNoise(count, 3);
        values[count / 2] = 1e300;
        return values;
    }
}
