using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class FitRenewalTests
{
    private const int Steps = 12;

    [Fact]
    public void A_fit_serves_a_dozen_samples()
    {
        var model = new Counting();
        var forecaster = new DemandForecaster([model]);
        var history = GeneratedLoad.History(GeneratedLoad.WhiteNoise(300, seed: 81));
        Ask(forecaster, [history]);
        var before = model.Fits;
        model.OldestFit = 0;
        for (var i = 0; i < 10 * FitRenewal.EverySamples; i++)
        {
            history.Append(1000);
            Ask(forecaster, [history]);
        }

        Assert.InRange(model.Fits - before, 9, 11);
        Assert.InRange(model.OldestFit, 0, FitRenewal.EverySamples);
    }

    [Fact]
    public void Only_so_many_are_renewed_in_a_round_the_stalest_first()
    {
        const int count = (2 * FitRenewal.PerRoundMax) + 10;
        var model = new Counting();
        var forecaster = new DemandForecaster([model]);
        // Too short for a warm-up, so that every fit is one of a round.
        var histories = Enumerable.Range(0, count).Select(i => GeneratedLoad.History([1, 2, i])).ToArray();
        var perRound = new List<int>();
        for (var round = 0; round < FitRenewal.EverySamples; round++)
        {
            var before = model.Fits;
            Ask(forecaster, histories);
            perRound.Add(model.Fits - before);
            Array.ForEach(histories, h => h.Append(1));
        }

        Assert.Equal([FitRenewal.PerRoundMax, FitRenewal.PerRoundMax, 10, 0, 0], perRound[..5]);
        Assert.All(perRound, fits => Assert.InRange(fits, 0, FitRenewal.PerRoundMax));
        Assert.Equal(0, model.WithoutFit);
    }

    [Fact]
    public void One_that_waits_for_its_first_fit_says_so_and_has_no_weight()
    {
        const int count = FitRenewal.PerRoundMax + 1;
        var forecaster = new DemandForecaster([new Counting()]);
        var histories = Enumerable.Range(0, count)
            .Select(i => GeneratedLoad.History(GeneratedLoad.WhiteNoise(50, i))).ToArray();
        var round = Ask(forecaster, histories);
        Assert.Contains(round.Series[0].Members, m => m.Name == "counting");
        Assert.DoesNotContain(round.Series[^1].Members, m => m.Name == "counting");
    }

    [Fact]
    public void The_time_of_each_candidate_is_told_by_the_clock_given()
    {
        var now = 0L;
        var model = new Counting { OnFit = () => now += 100, OnForecast = () => now += 7 };
        var forecaster = new DemandForecaster([model], null, () => now);
        var round = Ask(forecaster, [GeneratedLoad.History([1, 2, 3])]);
        Assert.Equal(new CandidateTime("counting", ForecastTicks: 7, FitTicks: 100), round.Times[^1]);
        Assert.All(round.Times.SkipLast(1), t => Assert.Equal((0, 0), (t.ForecastTicks, t.FitTicks)));
        Assert.All(
            Ask(new DemandForecaster([model]), [GeneratedLoad.History([1, 2, 3])]).Times,
            t => Assert.Equal(0, t.FitTicks));
    }

    private static ForecastRound Ask(DemandForecaster forecaster, LoadHistory[] histories)
        => forecaster.Forecast(
            [.. histories.Select((h, i) => new SeriesView(new SeriesId(i), h, GeneratedLoad.Daily))], Steps);

    /// <summary>Repeats the last value, and counts what it is asked for.</summary>
    private sealed class Counting : IDemandForecaster
    {
        public int Fits { get; private set; }

        public int WithoutFit { get; private set; }

        public int OldestFit { get; set; }

        public Action? OnFit { get; init; }

        public Action? OnForecast { get; init; }

        public string Name => "counting";

        public SeriesFit? Fit(ReadOnlySpan<double> history, SeriesShape shape)
        {
            Fits++;
            OnFit?.Invoke();
            return new CountingFit(history.Length);
        }

        public QuantileForecast Forecast(in ForecastInput input, int steps)
        {
            OnForecast?.Invoke();
            WithoutFit += input.Fit is null ? 1 : 0;
            OldestFit = Math.Max(OldestFit, input.History.Length - (input.Fit?.HistoryCount ?? 0));
            return new QuantileForecast(
                input.Shape.StepSeconds, ForecastLevels.All, ErrorBand.Flat(input.History.Span[^1], steps), Name,
                ForecastState.Ok);
        }

        private sealed record CountingFit(int HistoryCount) : SeriesFit(HistoryCount);
    }
}
