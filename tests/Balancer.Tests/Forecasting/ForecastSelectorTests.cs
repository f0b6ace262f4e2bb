using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ForecastSelectorTests
{
    private const int Last = ForecastSelector.LastValueIndex;
    private const int Seasonal = ForecastSelector.SeasonalNaiveIndex;
    private const int Lstm = ForecastSelector.Baselines;

    [Theory]
    [InlineData("a model clearly ahead takes over", 1.2, 0.9, Last, Lstm)]
    [InlineData("a model barely ahead does not take over", 1.2, 0.97, Last, Last)]
    [InlineData("a model barely ahead stays", 1.2, 0.95, Lstm, Lstm)]
    [InlineData("a model no longer ahead goes", 1.2, 0.97, Lstm, Last)]
    [InlineData("the seasonal naive can act", 0.6, 0.9, Last, Seasonal)]
    [InlineData("a model must beat the better baseline", 0.6, 0.57, Last, Seasonal)]
    [InlineData("a model ahead of both acts", 0.6, 0.5, Seasonal, Lstm)]
    [InlineData("nothing to compare", double.NaN, double.NaN, Lstm, Last)]
    [InlineData("a last value never wrong is not beaten", double.PositiveInfinity, double.NaN, Lstm, Last)]
    public void Chooses_by_loss(string row, double seasonal, double lstm, int incumbent, int expected)
    {
        var choice = ForecastSelector.Choose(Losses(seasonal, lstm, scored: 200), incumbent);
        Assert.True(expected == choice.Candidate, $"{row}: chose {choice.Candidate}, '{choice.Reason}'");
        Assert.NotEmpty(choice.Reason);
    }

    [Theory]
    [InlineData(8, 0.7, Last)]
    [InlineData(8, 0.6, Lstm)]
    [InlineData(50, 0.87, Last)]
    [InlineData(50, 0.85, Lstm)]
    [InlineData(1_000_000, 0.94, Last)]
    public void Little_evidence_must_be_strong(long scored, double loss, int expected)
        => Assert.Equal(expected, ForecastSelector.Choose(Losses(1.2, loss, scored), Last).Candidate);

    [Fact]
    public void Without_a_record_the_last_value_acts_and_says_so()
    {
        var choice = ForecastSelector.Choose(Losses(0.1, 0.1, scored: 7), Lstm);
        Assert.Equal(new ForecastChoice(Last, "7 forecasts scored, a choice needs 8"), choice);
    }

    [Fact]
    public void The_reason_tells_the_loss()
    {
        Assert.Equal(
            "loss 0.80 of last-value over 200 forecasts",
            ForecastSelector.Choose(Losses(1.2, 0.8, scored: 200), Last).Reason);
        Assert.Equal(
            "nothing beats it: the best other has loss 0.98 of it",
            ForecastSelector.Choose(Losses(1.2, 0.98, scored: 200), Last).Reason);
    }

    private static CandidateLoss[] Losses(double seasonal, double lstm, long scored)
        =>
        [
            new("last-value", double.IsNaN(seasonal) ? double.NaN : 1, double.IsNaN(seasonal) ? double.NaN : 1, scored),
            new("seasonal-naive", seasonal, seasonal, scored),
            new("lstm", lstm, lstm, scored),
        ];
}
