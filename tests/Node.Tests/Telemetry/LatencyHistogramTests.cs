using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public class LatencyHistogramTests
{
    [Fact]
    public void Small_values_are_exact()
    {
        for (var micros = 0; micros < 32; micros++)
            Assert.Equal(micros, LatencyHistogram.MiddleOf(LatencyHistogram.BucketOf(micros)));
    }

    [Fact]
    public void No_value_is_reported_more_than_a_thirtieth_off()
    {
        for (var micros = 1.0; micros < LatencyHistogram.MicrosMax; micros *= 1.003)
        {
            var reported = LatencyHistogram.MiddleOf(LatencyHistogram.BucketOf((long)micros));
            Assert.InRange(reported, (long)micros * (1 - 1 / 30.0), ((long)micros * (1 + 1 / 30.0)) + 1);
        }
    }

    [Fact]
    public void Buckets_rise_with_the_value_and_stay_in_range()
    {
        var last = -1;
        for (var micros = 0.0; micros < 1e11; micros = (micros * 1.01) + 1)
        {
            var bucket = LatencyHistogram.BucketOf((long)micros);
            Assert.InRange(bucket, last, LatencyHistogram.BucketCount - 1);
            last = bucket;
        }
        Assert.Equal(0, LatencyHistogram.BucketOf(-5));
        Assert.Equal(LatencyHistogram.BucketCount - 1, LatencyHistogram.BucketOf(long.MaxValue));
    }

    [Fact]
    public void Percentiles_follow_the_ranks()
    {
        var histogram = new LatencyHistogram();
        for (var micros = 1; micros <= 1000; micros++)
            histogram.Record(micros);
        var counts = Copy(histogram);
        Assert.Equal(1000, counts.Total);
        Assert.InRange(counts.P50Micros, 480, 520);
        Assert.InRange(counts.P99Micros, 960, 1025);
        Assert.InRange(counts.P999Micros, 960, 1040);
        Assert.True(counts.MaxMicros >= counts.P999Micros);
    }

    [Fact]
    public void Nothing_recorded_means_zero() => Assert.Equal(0, new LatencyCounts().P99Micros);

    [Fact]
    public void A_window_is_the_difference_of_two_copies()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(10);
        var before = Copy(histogram);
        histogram.Record(5000);
        var window = Copy(histogram);
        window.Subtract(before);
        Assert.Equal(1, window.Total);
        Assert.InRange(window.P50Micros, 4800, 5200);
    }

    [Fact]
    public void Merged_counts_hold_the_records_of_both()
    {
        var slow = new LatencyHistogram();
        var fast = new LatencyHistogram();
        for (var i = 0; i < 99; i++)
            fast.Record(3);
        slow.Record(100_000);
        var merged = Copy(fast);
        merged.Add(Copy(slow));
        Assert.Equal(100, merged.Total);
        Assert.Equal(3, merged.P99Micros);
        Assert.InRange(merged.MaxMicros, 96_000, 104_000);
    }

    [Fact]
    public void Shared_records_of_many_threads_are_all_counted()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 25_000; i++)
                histogram.RecordShared(i);
        });
        Assert.Equal(100_000, Copy(histogram).Total);
    }

    private static LatencyCounts Copy(LatencyHistogram histogram)
    {
        var counts = new LatencyCounts();
        histogram.CopyTo(counts);
        return counts;
    }
}
