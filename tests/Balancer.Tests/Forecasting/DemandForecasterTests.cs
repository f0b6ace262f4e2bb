using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

public class DemandForecasterTests(ITestOutputHelper output)
{
    private const int Steps = 12;
    private const int Day = GeneratedLoad.DaySteps;

    [Fact]
    public void A_day_curve_is_forecast_by_a_method_that_knows_the_day()
    {
        foreach (var models in new IDemandForecaster[][] { [], [ShippedModel.Lstm] })
        {
            var values = GeneratedLoad.DayCurve(6 * Day, noise: 10, seed: 31);
            var forecast = Single(new DemandForecaster(models).Forecast([View(1, values)], Steps));
            output.WriteLine($"{forecast.Forecast.Method}: {forecast.Forecast.Reason}");
            Assert.Contains(forecast.Forecast.Method, new[] { "seasonal-naive", "lstm", "combination" });
            Assert.Equal(ForecastState.Ok, forecast.Forecast.State);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_random_walk_is_left_to_the_last_value(int seed)
    {
        var forecaster = new DemandForecaster([ShippedModel.Lstm]);
        var values = GeneratedLoad.RandomWalk(2400, seed);
        var actingLast = Run(forecaster, values, 1800, f => f.Forecast.Method == "last-value");
        output.WriteLine($"seed {seed}: last-value acted in {actingLast:P0} of the rounds");
        Assert.True(actingLast > 0.6, $"seed {seed}: {actingLast:P0}");
    }

    [Fact]
    public void A_model_that_is_wrong_here_does_not_act()
    {
        var forecaster = new DemandForecaster([new Constant("pessimist", 1e6, ForecastState.Ok)]);
        var forecast = Single(forecaster.Forecast([View(1, GeneratedLoad.WhiteNoise(800, seed: 32))], Steps));
        Assert.NotEqual("pessimist", forecast.Forecast.Method);
        Assert.True(forecast.Losses[4].RelativeError > 100);
        Assert.Equal(
            ["last-value", "seasonal-naive", "mean-12", "mean-288", "pessimist", "combination"],
            forecast.Losses.Select(l => l.Name));
    }

    [Fact]
    public void A_chosen_model_without_an_answer_is_replaced_and_named()
    {
        var model = new Constant("oracle", 1000, ForecastState.Ok);
        // A plain mean of all is no match for the one that knows.
        var forecaster = new DemandForecaster(
            [new LastValue(), new SeasonalNaive()], [model], ForecastTuning.Default with { WeightPower = 0 }, null,
            null);
        var values = GeneratedLoad.WhiteNoise(801, seed: 33);
        Assert.Equal("oracle", Single(forecaster.Forecast([View(1, values[..800])], Steps)).Forecast.Method);
        model.State = ForecastState.Fallback;
        var forecast = Single(forecaster.Forecast([View(1, values)], Steps)).Forecast;
        Assert.Equal("combination", forecast.Method);
        Assert.Equal(ForecastState.Fallback, forecast.State);
        Assert.Equal("oracle was chosen but has no answer: broken", forecast.Reason);
    }

    [Fact]
    public void A_missing_model_leaves_the_baselines_and_its_reason()
    {
        Assert.False(LstmForecaster.TryLoad("/nowhere/demand-lstm.onnx", out _, out var problem));
        var round = new DemandForecaster([], problem).Forecast(
            [View(1, GeneratedLoad.DayCurve(4 * Day, noise: 10, seed: 34))], Steps);
        Assert.Equal(problem, round.ModelProblem);
        Assert.Contains("/nowhere/demand-lstm.onnx", Single(round).Forecast.Reason, StringComparison.Ordinal);
        Assert.Equal(ForecastState.Fallback, Single(round).Forecast.State);
        Assert.Equal("seasonal-naive", Single(round).Forecast.Method);
    }

    [Fact]
    public void An_empty_or_new_series_says_that_its_history_is_too_short()
    {
        var forecaster = new DemandForecaster([ShippedModel.Lstm]);
        var round = forecaster.Forecast([View(1, []), View(2, [5])], Steps);
        Assert.All(round.Series, s => Assert.Equal(ForecastState.NotEnoughHistory, s.Forecast.State));
        Assert.All(round.Series[1].Forecast.Values, v => Assert.Equal(5, v));
    }

    [Fact]
    public void The_same_rounds_give_the_same_answers()
    {
        Assert.Equal(Transcript(), Transcript());

        static string Transcript()
        {
            var forecaster = new DemandForecaster([ShippedModel.Lstm]);
            var histories = Enumerable.Range(0, 5)
                .Select(i => GeneratedLoad.History(GeneratedLoad.DayCurve(700, 30, i))).ToArray();
            var lines = new List<string>();
            for (var round = 0; round < 40; round++)
            {
                var views = histories.Select((h, i) => new SeriesView(new SeriesId(i), h, GeneratedLoad.Daily));
                foreach (var one in forecaster.Forecast([.. views], Steps).Series)
                {
                    lines.Add($"{one.Id} {one.Forecast.Method} {one.Forecast.At(Steps, 0.9):R} {one.Losses[2]}");
                }

                Array.ForEach(histories, h => h.Append(1000 + round));
            }

            return string.Join('\n', lines);
        }
    }

    [Fact]
    public void A_round_without_new_samples_repeats_the_answer()
    {
        var forecaster = new DemandForecaster([ShippedModel.Lstm]);
        var view = View(1, GeneratedLoad.DayCurve(700, 30, seed: 35));
        var first = Single(forecaster.Forecast([view], Steps));
        Assert.Same(first, Single(forecaster.Forecast([view], Steps)));
        view.History.Append(1000);
        Assert.NotSame(first, Single(forecaster.Forecast([view], Steps)));
    }

    [Fact]
    public void Histories_rebuilt_each_round_keep_their_record()
    {
        var values = GeneratedLoad.DayCurve(760, 30, seed: 36);
        var kept = new DemandForecaster([]);
        var rebuilt = new DemandForecaster([]);
        var history = GeneratedLoad.History(values.AsSpan(0, 700));
        for (var known = 700; known < values.Length; known++)
        {
            var a = Single(kept.Forecast([new SeriesView(new SeriesId(1), history, GeneratedLoad.Daily)], Steps));
            var b = Single(rebuilt.Forecast([View(1, values[..known])], Steps));
            Assert.Equal(a.Losses, b.Losses);
            history.Append(values[known]);
        }
    }

    [Fact]
    public void An_id_given_twice_is_named()
    {
        var view = View(7, [1, 2, 3]);
        var error = Assert.Throws<ArgumentException>(() => new DemandForecaster([]).Forecast([view, view], Steps));
        Assert.Contains("Series 7 is given twice", error.Message, StringComparison.Ordinal);
    }

    private static double Run(
        DemandForecaster forecaster, double[] values, int known, Func<SeriesForecast, bool> counts)
    {
        var history = GeneratedLoad.History(values.AsSpan(0, known));
        var hits = 0;
        for (var i = known; i < values.Length; i++)
        {
            var round = forecaster.Forecast([new SeriesView(new SeriesId(1), history, GeneratedLoad.Daily)], Steps);
            hits += counts(Single(round)) ? 1 : 0;
            history.Append(values[i]);
        }

        return hits / (double)(values.Length - known);
    }

    private static SeriesView View(long id, double[] values)
        => new(new SeriesId(id), GeneratedLoad.History(values), GeneratedLoad.Daily);

    private static SeriesForecast Single(ForecastRound round) => Assert.Single(round.Series);

    private sealed class Constant(string name, double value, ForecastState state) : IDemandForecaster
    {
        // Around the value, the quantiles of a normal law with deviation 100, as the noise of these tests has.
        private static readonly double[] Normal = [-128, -67, 0, 67, 128, 164, 233];

        public ForecastState State { get; set; } = state;

        public string Name => name;

        public QuantileForecast Forecast(in ForecastInput input, int steps)
        {
            var values = Enumerable.Range(0, steps * Normal.Length).Select(i => value + Normal[i % Normal.Length]);
            var reason = State == ForecastState.Ok ? null : "broken";
            return new QuantileForecast(
                input.Shape.StepSeconds, ForecastLevels.All, [.. values], name, State, reason);
        }
    }
}
