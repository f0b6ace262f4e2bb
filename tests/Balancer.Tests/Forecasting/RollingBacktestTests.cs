using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class RollingBacktestTests
{
    [Fact]
    public void Scores_each_step_of_a_forecast_against_the_sample_it_was_for()
    {
        var backtest = new RollingBacktest(candidates: 2, baselines: 1, steps: 2);
        backtest.Issue(10, [Flat(100, 2), Flat(104, 2)]);
        backtest.Observe(11, 105);
        Assert.Equal(0, backtest.ScoredForecasts);
        backtest.Observe(12, 105);
        Assert.Equal(1, backtest.ScoredForecasts);
        // Candidate 0 is 5 too low twice, candidate 1 one too low.
        Assert.Equal(0.2, backtest.LossOf(1, "x").RelativeError, tolerance: 1e-6);
        Assert.Equal(0.2, backtest.LossOf(1, "x").RelativePinball, tolerance: 1e-6);
        Assert.Equal(1, backtest.LossOf(0, "x").RelativeError);
    }

    [Fact]
    public void Samples_outside_every_open_forecast_score_nothing()
    {
        var backtest = new RollingBacktest(candidates: 2, baselines: 1, steps: 2);
        backtest.Observe(1, 5);
        backtest.Issue(10, [Flat(100, 2), Flat(104, 2)]);
        backtest.Observe(10, 5);
        backtest.Observe(13, 5);
        Assert.Equal(double.NaN, backtest.LossOf(1, "x").RelativeError);
    }

    [Fact]
    public void Old_losses_fade()
    {
        var backtest = new RollingBacktest(candidates: 2, baselines: 1, steps: 1);
        var position = 0L;
        // First candidate 1 is far worse, then far better.
        Feed(backtest, ref position, 200, right: 0);
        Assert.True(backtest.LossOf(1, "x").RelativeError > 5);
        Feed(backtest, ref position, 1000, right: 1);
        Assert.True(backtest.LossOf(1, "x").RelativeError < 0.2);
    }

    [Fact]
    public void Replayed_forecasts_count_as_live_ones()
    {
        var live = new RollingBacktest(candidates: 2, baselines: 1, steps: 3);
        live.Issue(0, [Flat(1, 3), Flat(2, 3)]);
        live.Observe(1, 3);
        live.Observe(2, 3);
        live.Observe(3, 3);
        var replayed = new RollingBacktest(candidates: 2, baselines: 1, steps: 3);
        replayed.Replay([Flat(1, 3), Flat(2, 3)], [3, 3, 3], 0);
        Assert.Equal(live.LossOf(1, "x").RelativeError, replayed.LossOf(1, "x").RelativeError, tolerance: 1e-9);
        Assert.Equal(live.ScoredForecasts, replayed.ScoredForecasts);
        Assert.Equal(live.Pairs.MeanOf(1), replayed.Pairs.MeanOf(1), tolerance: 1e-9);
        Assert.Equal(live.CoverageOf(1).Select(c => c.Share), replayed.CoverageOf(1).Select(c => c.Share));
    }

    [Fact]
    public void A_short_memory_tells_a_change_that_a_long_one_does_not()
    {
        var backtest = new RollingBacktest(candidates: 2, baselines: 1, steps: 1);
        var position = 0L;
        Feed(backtest, ref position, 2000, right: 1);
        Feed(backtest, ref position, 72, right: 0);
        Assert.True(backtest.LossAt(1, 0).Slow < backtest.LossAt(0, 0).Slow);
        Assert.True(backtest.LossAt(1, 0).Fast > backtest.LossAt(0, 0).Fast);
    }

    [Fact]
    public void Coverage_is_told_for_each_level()
    {
        // Published for every sample: 1 to 7 at the seven levels. What comes is 4 or 8, in turns.
        var values = Enumerable.Range(1, ForecastLevels.Count).Select(i => (double)i).ToArray();
        var forecast = new QuantileForecast(1, ForecastLevels.All, values, "x", ForecastState.Ok);
        var backtest = new RollingBacktest(candidates: 1, baselines: 1, steps: 1);
        for (var position = 0L; position < 100; position++)
        {
            backtest.Issue(position, [forecast]);
            backtest.Observe(position + 1, position % 2 == 0 ? 4 : 8);
        }

        var coverage = backtest.CoverageOf(0);
        Assert.Equal(ForecastLevels.All, coverage.Select(c => c.Level));
        Assert.All(coverage[..3], c => Assert.Equal(0, c.Share));
        Assert.All(coverage[3..], c => Assert.Equal(0.5, c.Share, tolerance: 0.01));
        Assert.All(coverage, c => Assert.InRange(c.Compared, 80, 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(30)]
    public void No_open_forecast_is_overwritten(int steps)
    {
        var backtest = new RollingBacktest(candidates: 1, baselines: 1, steps);
        var issued = 0;
        for (var position = 1L; position <= 500; position++)
        {
            backtest.Observe(position, 1);
            if (backtest.WantsForecast(position))
            {
                backtest.Issue(position, [Flat(1, steps)]);
                issued++;
            }
        }

        Assert.InRange(backtest.ScoredForecasts, issued - steps, issued);
    }

    private static void Feed(RollingBacktest backtest, ref long position, int samples, int right)
    {
        for (var i = 0; i < samples; i++)
        {
            backtest.Issue(position, [Flat(right == 0 ? 10 : 20, 1), Flat(right == 1 ? 10 : 20, 1)]);
            backtest.Observe(++position, 10.5);
        }
    }

    private static QuantileForecast Flat(double value, int steps)
        => new(1, ForecastLevels.All, ErrorBand.Flat(value, steps), "flat", ForecastState.Ok);
}
