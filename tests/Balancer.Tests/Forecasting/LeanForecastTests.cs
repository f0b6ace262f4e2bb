using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class LeanForecastTests
{
    private const int Steps = 30;

    /// <summary>A day, noise, a walk, a level that changes, a gap.</summary>
    private static double[][] Loads() =>
    [
        GeneratedLoad.DayCurve(900, 30, 1), GeneratedLoad.WhiteNoise(900, 2), GeneratedLoad.RandomWalk(900, 3),
        GeneratedLoad.LevelShift(900, 60, 4), WithGap(GeneratedLoad.DayCurve(900, 5, 5)),
        GeneratedLoad.Constant(900, 7),
    ];

    [Fact]
    public void A_simulation_s_forecaster_says_what_the_baselines_of_a_controller_say()
    {
        var (full, lean) = (new DemandForecaster([]), DemandForecaster.OfBaselines(6));
        var methods = new HashSet<string>();
        foreach (var round in Rounds(from: 500))
        {
            var expected = full.Forecast(round, Steps).Series;
            var series = lean.Forecast(round, Steps).Series;
            for (var i = 0; i < series.Count; i++)
            {
                Assert.Equal(expected[i].Forecast.Values, series[i].Forecast.Values);
                Assert.Equal(
                    (expected[i].Forecast.Method, expected[i].Forecast.State),
                    (series[i].Forecast.Method, series[i].Forecast.State));
                methods.Add(series[i].Forecast.Method);
            }
        }
        Assert.True(methods.Count >= 3, string.Join(", ", methods));
    }

    [Fact]
    public void For_more_series_than_a_controller_keeps_up_with_all_records_start_in_the_first_round()
    {
        var pace = ForecastPace.ForSimulated(100_000);
        Assert.Equal(100_000, pace.WarmUpsPerRound);
        Assert.True((long)pace.FitsPerRound * pace.FitEverySamples >= 100_000);
        Assert.Equal(ForecastPace.Live, ForecastPace.ForSimulated(48));

        var lean = DemandForecaster.OfBaselines(5000);
        var views = Enumerable.Range(0, 40).Select(i => new SeriesView(
            new SeriesId(i), GeneratedLoad.History(GeneratedLoad.DayCurve(1200, 5, i)), GeneratedLoad.Daily)).ToArray();
        var first = lean.Forecast(views, Steps).Series;
        Assert.All(first, series => Assert.NotEqual(LastValue.MethodName, series.Forecast.Method));
    }

    private static IEnumerable<SeriesView[]> Rounds(int from)
    {
        var loads = Loads();
        var histories = Array.ConvertAll(loads, load => GeneratedLoad.History(load.AsSpan(0, from)));
        for (var step = from; step < loads[0].Length; step++)
        {
            yield return [.. histories.Select((history, i) =>
                new SeriesView(new SeriesId(i), history, GeneratedLoad.Daily))];
            for (var i = 0; i < loads.Length; i++)
                histories[i].Append(loads[i][step]);
        }
    }

    private static double[] WithGap(double[] load)
    {
        Array.Fill(load, double.NaN, 700, 20);
        return load;
    }
}
