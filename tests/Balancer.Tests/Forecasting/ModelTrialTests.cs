using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ModelTrialTests
{
    private const int Day = 288;

    [Fact]
    public void Nothing_is_said_of_less_than_a_day()
    {
        var trial = new ModelTrial();
        Run(trial, 0, ModelTrial.BlocksMin * ModelTrial.BlockSteps, besideError: 5);
        Assert.Equal(TrialOutcome.Open, trial.Result.Outcome);
        Assert.InRange(trial.Result.Blocks, ModelTrial.BlocksMin - 3, ModelTrial.BlocksMin - 1);
        Assert.True(trial.Result.Difference < 0);
    }

    [Theory]
    [InlineData(5, TrialOutcome.Better)]
    [InlineData(20, TrialOutcome.Worse)]
    [InlineData(10, TrialOutcome.Open)]
    public void A_day_tells_a_clear_difference(double besideError, TrialOutcome expected)
    {
        var trial = new ModelTrial();
        Run(trial, 0, Day + (3 * ModelTrial.BlockSteps), besideError);
        Assert.Equal(expected, trial.Result.Outcome);
    }

    [Fact]
    public void Three_days_without_a_difference_say_that_there_is_none()
    {
        var trial = new ModelTrial();
        Run(trial, 0, 5 * Day, besideError: 10);
        Assert.Equal(TrialOutcome.Alike, trial.Result.Outcome);
        Assert.Equal(ModelTrial.BlocksMax, trial.Result.Blocks);
        Assert.InRange(Math.Abs(trial.Result.Difference), 0, 3 * trial.Result.StandardError);
    }

    [Fact]
    public void A_large_load_counts_like_a_small_one()
    {
        // The one beside is a little worse on a load a million times as large, and much better on a small one.
        var trial = new ModelTrial();
        for (var step = 0; step < 2 * Day; step++)
        {
            trial.Observe(
                Round(Series(1, step, 1e6 * 10), Series(2, step, 10)),
                Round(Series(1, step, 1e6 * 10.5), Series(2, step, 5)));
        }

        Assert.Equal(TrialOutcome.Better, trial.Result.Outcome);
        Assert.InRange(trial.Result.Difference, -0.4, -0.2);
    }

    [Fact]
    public void What_was_said_before_a_series_was_known_does_not_count()
    {
        var trial = new ModelTrial();
        for (var step = 0; step < 2 * Day; step++)
        {
            var isCold = step < Day;
            trial.Observe(
                Round(Series(1, step, 10)), Round(Series(1, step, isCold ? 1000 : 10, isCold: isCold)));
        }

        Assert.InRange(Math.Abs(trial.Result.Difference), 0, 0.2);
    }

    [Fact]
    public void Samples_that_nobody_took_are_not_compared()
    {
        var trial = new ModelTrial();
        for (var step = 0; step < 2 * Day; step++)
        {
            trial.Observe(Round(WithoutSamples(Series(1, step, 10))), Round(WithoutSamples(Series(1, step, 5))));
        }

        Assert.Equal((TrialOutcome.Open, 0), (trial.Result.Outcome, trial.Result.Blocks));
    }

    [Fact]
    public void Rounds_of_other_series_are_refused()
        => Assert.Throws<ArgumentException>(
            () => new ModelTrial().Observe(Round(Series(1, 0, 1)), Round(Series(2, 0, 1))));

    private static void Run(ModelTrial trial, int from, int to, double besideError)
    {
        for (var step = from; step < to; step++)
        {
            trial.Observe(Round(Series(1, step, 10)), Round(Series(1, step, besideError, draw: 7)));
        }
    }

    private static SeriesForecast WithoutSamples(SeriesForecast series)
        => series with { Past = [.. series.Past.Select(past => past with { Came = double.NaN })] };

    private static ForecastRound Round(params SeriesForecast[] series) => new(series, null);

    /// <summary>A series whose median is wrong by about <paramref name="error"/>, each time another bit.</summary>
    private static SeriesForecast Series(
        int id, int last, double error, int draw = 3, bool isCold = false)
    {
        var past = Enumerable.Range(last - 5, 6).Select(step =>
        {
            var wrong = error * (0.5 + new Random((step * 31) + draw + id).NextDouble());
            return new PastForecast(step, 0, wrong, 2 * error, Came: 0);
        });
        var flat = new QuantileForecast(300, ForecastLevels.All, new double[7], "test", ForecastState.Ok);
        return new SeriesForecast(new SeriesId(id), flat, [new CandidateLoss("last-value", 1, 1, isCold ? 0 : 8)])
        {
            LastStep = last,
            Past = [.. past],
        };
    }
}
