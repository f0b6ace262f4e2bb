using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ForecastSelectorTests
{
    private const int Last = ForecastSelector.LastValueIndex;
    private const int Seasonal = 1;
    private const int Model = 2;
    private const int Combined = 3;
    private const int Baselines = 2;
    private const int Candidates = 4;

    [Theory]
    [InlineData("a model clearly ahead takes over", new[] { 1.2, 0.8, 1.2 }, Last, Model)]
    [InlineData("a model barely ahead does not take over", new[] { 1.2, 0.995, 1.2 }, Last, Last)]
    [InlineData("a model barely ahead stays", new[] { 1.2, 0.985, 1.2 }, Model, Model)]
    [InlineData("a model no longer ahead goes", new[] { 1.2, 1.01, 1.2 }, Model, Last)]
    [InlineData("the seasonal naive can act", new[] { 0.6, 0.9, 1.2 }, Last, Seasonal)]
    [InlineData("a model must beat the better baseline", new[] { 0.6, 0.599, 1.2 }, Last, Seasonal)]
    [InlineData("a model ahead of both acts", new[] { 0.6, 0.5, 1.2 }, Seasonal, Model)]
    [InlineData("the combination goes before a model as good", new[] { 1.2, 0.8, 0.79 }, Model, Combined)]
    [InlineData("the combination goes before a model barely better", new[] { 1.2, 0.795, 0.8 }, Last, Combined)]
    [InlineData("a model far ahead of the combination acts", new[] { 1.2, 0.6, 0.8 }, Combined, Model)]
    [InlineData("a model ahead of a combination that does not pass acts", new[] { 1.2, 0.8, 1.1 }, Last, Model)]
    public void Chooses_by_loss(string row, double[] others, int incumbent, int expected)
    {
        var choice = Choose(Fed(200, noise: 0.02, [1, .. others]), incumbent);
        Assert.True(expected == choice.Candidate, $"{row}: chose {choice.Candidate}, '{choice.Reason}'");
        Assert.NotEmpty(choice.Reason);
    }

    [Theory]
    [InlineData(8, 0.02, 0.9, Model)]
    [InlineData(8, 0.6, 0.9, Last)]
    [InlineData(300, 0.6, 0.9, Model)]
    public void A_lead_must_be_more_than_chance(int forecasts, double noise, double loss, int expected)
        => Assert.Equal(expected, Choose(Fed(forecasts, noise, [1, 1.2, loss, 1.2]), Last).Candidate);

    [Fact]
    public void Without_a_record_the_last_value_acts_and_says_so()
    {
        var choice = Choose(Fed(7, noise: 0, [1, 0.1, 0.1, 0.1]), Model);
        Assert.Equal(new ForecastChoice(Last, "7 forecasts scored, a choice needs 8"), choice);
    }

    [Fact]
    public void What_is_suddenly_far_wrong_gives_way()
    {
        var backtest = Fed(500, noise: 0.02, [1, 1.2, 0.5, 0.6]);
        Assert.Equal(Model, Choose(backtest, Model).Candidate);
        Feed(backtest, 4, noise: 0.02, [1, 1.2, 5, 0.6]);
        var choice = Choose(backtest, Model);
        Assert.Equal(Combined, choice.Candidate);
        Assert.StartsWith("the load changed: lately what was best loses ", choice.Reason, StringComparison.Ordinal);
        Feed(backtest, 12, noise: 0.02, [1, 1.2, 5, 5]);
        Assert.Equal(Last, Choose(backtest, Model).Candidate);
    }

    [Fact]
    public void A_load_that_does_not_move_is_left_to_the_last_value()
    {
        var choice = Choose(Fed(50, noise: 0, [0, 0, 0, 0]), Model);
        Assert.Equal(new ForecastChoice(Last, "the load did not move: there is nothing to compare"), choice);
    }

    [Fact]
    public void The_reason_tells_the_loss()
    {
        Assert.Equal(
            "loss 0.80 of last-value over 200 forecasts", Choose(Fed(200, 0, [1, 1.2, 0.8, 1.2]), Last).Reason);
        Assert.Equal(
            "nothing beats it by more than chance: the best other has loss 0.999 of it",
            Choose(Fed(200, 0, [1, 1.2, 0.999, 1.2]), Last).Reason);
    }

    private static ForecastChoice Choose(RollingBacktest backtest, int incumbent)
        => new ForecastSelector(Baselines, ForecastTuning.Default).Choose(backtest, incumbent, Candidates);

    /// <summary>A record of forecasts of one step whose mean errors are the losses. Those of the baselines are the
    /// same each time, those of the others vary by the noise around them.</summary>
    private static RollingBacktest Fed(int forecasts, double noise, double[] losses)
    {
        var backtest = new RollingBacktest(Candidates, Baselines, steps: 1);
        Feed(backtest, forecasts, noise, losses);
        return backtest;
    }

    private static void Feed(RollingBacktest backtest, int forecasts, double noise, double[] losses)
    {
        for (var i = 0; i < forecasts; i++)
        {
            var answers = new QuantileForecast[Candidates];
            for (var candidate = 0; candidate < Candidates; candidate++)
            {
                var spread = candidate < Baselines ? 0 : i % 2 == 0 ? noise : -noise;
                answers[candidate] = new QuantileForecast(
                    1, ForecastLevels.All, ErrorBand.Flat(losses[candidate] * (1 + spread), 1), "x",
                    ForecastState.Ok);
            }

            backtest.Replay(answers, [0], 1);
        }
    }
}
