using ShardStore.Node.Bench;
using Xunit;

namespace ShardStore.Client.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_agree_with_the_sorted_values_to_a_bucket()
    {
        const int seed = 41;
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        var values = new long[20_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (long)Math.Exp(random.NextDouble() * 20);
            histogram.Record(values[i]);
        }
        Array.Sort(values);
        foreach (var percent in new[] { 1, 50, 90, 99, 99.9, 100 })
        {
            var exactMs = values[(int)Math.Ceiling(percent / 100 * values.Length) - 1] / 1000.0;
            var foundMs = histogram.PercentileMs(percent);
            Assert.True(foundMs >= exactMs && foundMs <= (exactMs * 1.017) + 0.001,
                $"seed {seed}: p{percent} is {exactMs}, found {foundMs}");
        }
        Assert.Equal(values[^1], histogram.MaxMicros);
        Assert.Equal(values.Length, histogram.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1_000_000)]
    [InlineData(3_600_000_000)]
    public void A_single_value_is_every_percentile(long micros)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(micros);
        Assert.Equal(micros / 1000.0, histogram.PercentileMs(50));
        Assert.Equal(micros / 1000.0, histogram.PercentileMs(100));
    }

    [Fact]
    public void Beyond_an_hour_the_maximum_stays_true_and_nothing_recorded_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.PercentileMs(99));
        histogram.Record(long.MaxValue / 2);
        Assert.Equal(long.MaxValue / 2, histogram.MaxMicros);
    }

    [Fact]
    public void A_difference_holds_only_what_came_later()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(10);
        var before = histogram.Copy();
        histogram.Record(1000);
        histogram.Record(1000);
        var later = histogram.Since(before);
        Assert.Equal(2, later.Count);
        Assert.InRange(later.PercentileMs(1), 1.0, 1.017);
    }
}
