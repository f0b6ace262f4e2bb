using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class CoverageCorrectionTests
{
    [Theory]
    [InlineData("too narrow", 0.5)]
    [InlineData("right", 1.0)]
    [InlineData("too wide", 1.8)]
    public void The_width_goes_where_nine_in_ten_are_covered(string row, double width)
    {
        const double z90 = 1.2816;
        var random = new Random(41);
        var correction = new CoverageCorrection();
        var (covered, counted) = (0, 0);
        for (var i = 0; i < 40_000; i++)
        {
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var above = noise > correction.Apply(0, width * z90);
            correction.Observe(above);
            counted += i < 10_000 ? 0 : 1;
            covered += i < 10_000 || above ? 0 : 1;
        }

        var share = covered / (double)counted;
        Assert.True(share is > 0.885 and < 0.915, $"{row}, seed 41: {share:F3} covered");
    }

    [Fact]
    public void The_width_is_bounded_and_moves_only_what_is_above_the_median()
    {
        var correction = new CoverageCorrection();
        for (var i = 0; i < 100_000; i++)
        {
            correction.Observe(above: true);
        }

        var forecast = new QuantileForecast(
            1, ForecastLevels.All, [1, 2, 3, 4, 5, 6, 7], "x", ForecastState.Ok);
        var wide = correction.Apply(forecast);
        Assert.Equal([1, 2, 3], wide.Values[..3]);
        Assert.Equal(3 + Math.Exp(1.1), wide.Values[3], tolerance: 1e-9);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], forecast.Values);
        ForecastShape.AssertOrdered(wide);
    }
}
