using System.Diagnostics;
using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>A fit serves forecasts of the values that follow it: rightly, and far cheaper than a new one.</summary>
public class KeptFitTests(ITestOutputHelper output)
{
    private const int Steps = ForecastLevels.StepsMax;
    private const int Known = 15 * GeneratedLoad.DaySteps;
    private const int Newer = 12;

    public static TheoryData<string> Names => StatisticalForecastersTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_full_history_is_continued_by_its_positions(string name)
    {
        var forecaster = StatisticalForecastersTests.Made(name);
        var values = GeneratedLoad.DayCurve(Known + Newer, noise: 30, seed: 71);
        var atFit = GeneratedLoad.Daily with { LastStep = 9_000 };
        var fit = forecaster.Fit(values.AsSpan(0, Known), atFit);
        // The same values as a history that grew, and as one that forgets its oldest.
        var grown = forecaster.Forecast(new ForecastInput(values, GeneratedLoad.Daily, forecaster.Fit(
            values.AsSpan(0, Known), GeneratedLoad.Daily)), Steps);
        var slid = forecaster.Forecast(
            new ForecastInput(values.AsMemory(Newer), atFit with { LastStep = 9_000 + Newer }, fit), Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(grown.At(step, 0.5), slid.At(step, 0.5), 1e-6);
            Assert.Equal(grown.At(step, 0.9), slid.At(step, 0.9), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fit_that_cannot_be_placed_is_made_anew(string name)
    {
        var forecaster = StatisticalForecastersTests.Made(name);
        var values = GeneratedLoad.DayCurve(Known + Newer, noise: 30, seed: 72);
        var fit = forecaster.Fit(values.AsSpan(0, Known), GeneratedLoad.Daily);
        // Of equal length and without positions, as if nothing were new.
        var slid = values.AsMemory(Newer);
        var kept = forecaster.Forecast(new ForecastInput(slid, GeneratedLoad.Daily, fit), Steps);
        var fresh = forecaster.Forecast(new ForecastInput(slid, GeneratedLoad.Daily), Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(fresh.At(step, 0.5), kept.At(step, 0.5), 40.0);
        }
    }

    [Fact]
    public void The_place_of_a_fit_is_found_or_not()
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        var shape = new SeriesShape(60, 0, 0);
        var anchor = FitAnchor.Of(values.AsSpan(0, 4), shape);
        Assert.Equal(0, anchor.NewerCount(values.AsSpan(0, 4), shape, 10));
        Assert.Equal(2, anchor.NewerCount(values, shape, 10));
        Assert.Null(anchor.NewerCount(values, shape, 1));
        Assert.Null(anchor.NewerCount(values.AsSpan(2, 4), shape, 10));
        Assert.Null(anchor.NewerCount(values.AsSpan(0, 3), shape, 10));
        var placed = FitAnchor.Of(values.AsSpan(0, 4), shape with { LastStep = 7 });
        Assert.Equal(2, placed.NewerCount(values.AsSpan(2, 4), shape with { LastStep = 9 }, 10));
        Assert.Null(placed.NewerCount(values.AsSpan(2, 4), shape with { LastStep = 8 }, 10));
        Assert.Null(placed.NewerCount(values.AsSpan(2, 4), shape with { LastStep = 7_000_000_000 }, int.MaxValue));
    }

    [Fact]
    public void A_forecast_from_a_fit_is_cheap_beside_the_fit()
    {
        var values = GeneratedLoad.DayCurve(14 * GeneratedLoad.DaySteps, noise: 60, seed: 73);
        var (fits, forecasts) = (0.0, 0.0);
        foreach (var forecaster in StatisticalForecasters.Create())
        {
            var fit = forecaster.Fit(values, GeneratedLoad.Daily);
            var input = new ForecastInput(values, GeneratedLoad.Daily, fit);
            // The least of many: other work on the machine only ever adds.
            var fitting = Least(200, () => forecaster.Fit(values, GeneratedLoad.Daily));
            var forecasting = Least(2000, () => forecaster.Forecast(input, Steps));
            output.WriteLine($"{forecaster.Name}: fit {fitting:F0} µs, forecast {forecasting:F2} µs");
            Assert.True(forecasting < fitting / 4, $"{forecaster.Name}: {forecasting} of {fitting} µs");
            fits += fitting;
            forecasts += forecasting;
        }

        output.WriteLine($"all: fit {fits:F0} µs, forecast {forecasts:F1} µs");
    }

    private static double Least(int times, Func<object?> work)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return least;
    }
}
