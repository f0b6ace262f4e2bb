using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class CoverageCorrectionTests
{
    private const double Rate = 0.003;

    [Theory]
    [InlineData("too narrow", 0.5)]
    [InlineData("right", 1.0)]
    [InlineData("too wide", 1.8)]
    public void Each_level_goes_where_it_covers_its_share(string row, double width)
    {
        double[] normal = [-1.2816, -0.6745, 0, 0.6745, 1.2816, 1.6449, 2.3263];
        var raw = Array.ConvertAll(normal, z => width * z);
        var random = new Random(41);
        var correction = new CoverageCorrection(Rate);
        var published = new double[raw.Length];
        var covered = new double[raw.Length];
        const int samples = 60_000;
        const int learning = 20_000;
        for (var i = 0; i < samples; i++)
        {
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            CoverageCorrection.Apply(correction.Logs, raw, published);
            correction.Observe(Array.ConvertAll(published, v => (float)v), noise);
            for (var level = 0; level < covered.Length && i >= learning; level++)
            {
                covered[level] += noise <= published[level] ? 1 : 0;
            }
        }

        for (var level = 0; level < covered.Length; level++)
        {
            var (share, wanted) = (covered[level] / (samples - learning), ForecastLevels.All[level]);
            Assert.True(Math.Abs(share - wanted) < 0.015, $"{row}, seed 41: {share:F3} covered at {wanted}");
        }
    }

    [Fact]
    public void The_distance_from_the_median_is_bounded_and_the_median_stays()
    {
        var correction = new CoverageCorrection(Rate);
        for (var i = 0; i < 100_000; i++)
        {
            correction.Observe([1, 2, 3, 4, 5, 6, 7], 100);
        }

        var wide = new double[ForecastLevels.Count];
        CoverageCorrection.Apply(correction.Logs, [1, 2, 3, 4, 5, 6, 7], wide);
        // Nothing came below the lower levels: they close in on the median, the upper ones flee from it.
        Assert.Equal(3 - (2 * Math.Exp(-1.6)), wide[0], tolerance: 1e-9);
        Assert.Equal(3, wide[ForecastLevels.MedianColumn]);
        Assert.Equal(3 + Math.Exp(1.6), wide[3], tolerance: 1e-9);
    }

    [Fact]
    public void Levels_never_cross_whatever_each_has_learned()
    {
        var random = new Random(42);
        var corrected = new double[ForecastLevels.Count];
        for (var trial = 0; trial < 1000; trial++)
        {
            var logs = Enumerable.Range(0, corrected.Length).Select(_ => (random.NextDouble() * 3.2) - 1.6).ToArray();
            CoverageCorrection.Apply(logs, [-9, -2, 0, 1, 1, 2, 8], corrected);
            for (var i = 1; i < corrected.Length; i++)
            {
                Assert.True(corrected[i] >= corrected[i - 1], $"seed 42, trial {trial}: level {i} falls");
            }
        }
    }
}
