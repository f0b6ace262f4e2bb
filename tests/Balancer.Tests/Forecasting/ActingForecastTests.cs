using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>The whole forecaster with every model it has, sample by sample as a controller runs it.</summary>
public class ActingForecastTests(ITestOutputHelper output)
{
    private const int Steps = 12;
    private const int Day = GeneratedLoad.DaySteps;

    [Fact]
    public void On_white_noise_a_mean_acts_and_no_overload_is_seen()
    {
        // 2.5 deviations above the level, a mark that 0.6 % of the samples pass.
        const double mark = 1250;
        var played = new Played();
        for (var seed = 1; seed <= 3; seed++)
        {
            played.Run(GeneratedLoad.WhiteNoise(1500, seed), known: 900, mark);
        }

        output.WriteLine($"{played}");
        Assert.True(played.ShareOf("mean-288", "mean-12", "last-value") > 0.6, $"seeds 1 to 3: {played}");
        Assert.True(played.FalseAlarms < 0.02, $"seeds 1 to 3: {played}");
        Assert.InRange(played.Covered, 0.87, 0.93);
        // Nothing is better than the mean, which is wrong by 1/√2 of what the last value is.
        Assert.InRange(played.RelativeError, 0.65, 0.76);
    }

    [Fact]
    public void On_a_random_walk_the_last_value_acts_and_no_more_comes_than_its_quantile_says()
    {
        var played = new Played();
        for (var seed = 1; seed <= 3; seed++)
        {
            var values = GeneratedLoad.RandomWalk(1500, seed);
            played.Run(values, known: 900, mark: values[900..].Order().ElementAt(500));
        }

        output.WriteLine($"{played}");
        Assert.True(played.ShareOf("last-value") > 0.6, $"seeds 1 to 3: {played}");
        Assert.InRange(played.RelativeError, 0.97, 1.03);
        Assert.InRange(played.Covered, 0.86, 0.94);
    }

    [Fact]
    public void A_level_shift_is_followed_within_the_hour()
    {
        foreach (var since in new[] { 13, 25, 50 })
        {
            var values = GeneratedLoad.LevelShift(1200, since, seed: 51);
            var forecaster = DemandForecaster.Standard(null);
            var history = GeneratedLoad.History(values.AsSpan(0, 1100));
            var forecast = Ask(forecaster, history).Forecast;
            foreach (var value in values.AsSpan(1100))
            {
                history.Append(value);
                forecast = Ask(forecaster, history).Forecast;
            }

            output.WriteLine($"{since} samples later: {forecast.At(Steps, 0.5):F0} by {forecast.Method}");
            Assert.InRange(forecast.At(Steps, 0.5), 450, 550);
        }
    }

    [Fact]
    public void Samples_that_nobody_took_are_no_evidence()
    {
        var forecaster = DemandForecaster.Standard(null);
        var history = GeneratedLoad.History(GeneratedLoad.DayCurve(3 * Day, noise: 30, seed: 52));
        var before = Ask(forecaster, history);
        for (var i = 0; i < 60; i++)
        {
            history.Append(double.NaN);
            var during = Ask(forecaster, history);
            Assert.Equal(before.Losses, during.Losses);
            Assert.Equal(before.Coverage[0].Compared, during.Coverage[0].Compared);
        }

        history.Append(1000);
        history.Append(1000);
        Assert.NotEqual(before.Losses, Ask(forecaster, history).Losses);
    }

    [Fact]
    public void A_restarted_forecaster_goes_on_much_as_the_one_before()
    {
        var values = GeneratedLoad.DayCurve(5 * Day, noise: 40, seed: 53);
        var old = DemandForecaster.Standard(ShippedModel.Lstm);
        var history = GeneratedLoad.History(values.AsSpan(0, 4 * Day));
        var before = Ask(old, history);
        foreach (var value in values.AsSpan(4 * Day))
        {
            history.Append(value);
            before = Ask(old, history);
        }

        var after = Ask(DemandForecaster.Standard(ShippedModel.Lstm), history);
        output.WriteLine($"{before.Forecast.Method} {before.Forecast.At(Steps, 0.9):F0}, "
            + $"restarted {after.Forecast.Method} {after.Forecast.At(Steps, 0.9):F0}");
        for (var step = 1; step <= Steps; step++)
        {
            Assert.Equal(before.Forecast.At(step, 0.5), after.Forecast.At(step, 0.5), tolerance: 40);
            Assert.Equal(before.Forecast.At(step, 0.9), after.Forecast.At(step, 0.9), tolerance: 60);
        }
    }

    [Fact]
    public void The_answer_tells_what_it_was_made_of()
    {
        var forecaster = DemandForecaster.Standard(ShippedModel.Lstm);
        var answer = Ask(forecaster, GeneratedLoad.History(GeneratedLoad.DayCurve(4 * Day, noise: 60, seed: 54)));
        Assert.Equal(4 * Day, answer.HistoryCount);
        Assert.Equal(forecaster.CandidateNames, answer.Losses.Select(l => l.Name));
        Assert.Equal(ForecastLevels.All, answer.Coverage.Select(c => c.Level));
        Assert.All(answer.Coverage, c => Assert.InRange(c.Share, 0, 1));
        Assert.All(answer.Members, m => Assert.Contains(m.Name, forecaster.CandidateNames));
        Assert.Equal(1, answer.Members.Sum(m => m.Short), tolerance: 1e-9);
        Assert.Equal(1, answer.Members.Sum(m => m.Middle), tolerance: 1e-9);
        Assert.Equal(1, answer.Members.Sum(m => m.Long), tolerance: 1e-9);
        ForecastShape.AssertOrdered(answer.Forecast);
    }

    [Fact]
    public void Values_at_the_end_of_the_numbers_do_no_lasting_harm()
    {
        var values = GeneratedLoad.DayCurve(3 * Day, noise: 30, seed: 55);
        for (var i = 2 * Day; i < (2 * Day) + 40; i++)
        {
            values[i] = i % 2 == 0 ? 1e300 : 1e-300;
        }

        var forecaster = DemandForecaster.Standard(null);
        var history = GeneratedLoad.History(values.AsSpan(0, 2 * Day));
        foreach (var value in values.AsSpan(2 * Day))
        {
            var answer = Ask(forecaster, history);
            ForecastShape.AssertOrdered(answer.Forecast);
            Assert.All(answer.Losses, l => Assert.False(double.IsNaN(l.RelativeError), l.Name));
            history.Append(value);
        }
    }

    private static SeriesForecast Ask(DemandForecaster forecaster, LoadHistory history)
        => Assert.Single(
            forecaster.Forecast([new SeriesView(new SeriesId(1), history, GeneratedLoad.Daily)], Steps).Series);

    /// <summary>What came of every forecast over some series.</summary>
    private sealed class Played
    {
        private readonly SortedDictionary<string, int> _acting = new(StringComparer.Ordinal);
        private int _rounds;
        private int _alarms;
        private int _covered;
        private double _error;
        private double _naive;

        public double FalseAlarms => _alarms / (double)_rounds;

        public double Covered => _covered / (double)(_rounds * Steps);

        public double RelativeError => _error / _naive;

        public double ShareOf(params string[] methods)
            => methods.Sum(m => _acting.GetValueOrDefault(m)) / (double)_rounds;

        public void Run(double[] values, int known, double mark)
        {
            var forecaster = DemandForecaster.Standard(null);
            var history = GeneratedLoad.History(values.AsSpan(0, known));
            for (var i = known; i < values.Length - Steps; i++)
            {
                Add(Ask(forecaster, history).Forecast, history.Values[^1], values.AsSpan(i, Steps), mark);
                history.Append(values[i]);
            }
        }

        public override string ToString()
            => $"error {RelativeError:F3}, covered {Covered:F3}, false alarms {FalseAlarms:P1}, acting: "
                + string.Join(", ", _acting.Select(a => $"{a.Key} {a.Value / (double)_rounds:P0}"));

        private void Add(QuantileForecast forecast, double last, ReadOnlySpan<double> truth, double mark)
        {
            _acting[forecast.Method] = _acting.GetValueOrDefault(forecast.Method) + 1;
            var (seen, came) = (false, false);
            for (var step = 1; step <= truth.Length; step++)
            {
                var high = forecast.At(step, 0.9);
                _error += Math.Abs(truth[step - 1] - forecast.At(step, 0.5));
                _naive += Math.Abs(truth[step - 1] - last);
                _covered += truth[step - 1] <= high ? 1 : 0;
                seen |= high > mark;
                came |= truth[step - 1] > mark;
            }

            _alarms += seen && !came ? 1 : 0;
            _rounds++;
        }
    }
}
