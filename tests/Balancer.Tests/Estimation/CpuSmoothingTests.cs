using Xunit;

namespace ShardStore.Balancer.Tests.Estimation;

public class CpuSmoothingTests
{
    [Fact]
    public void A_second_that_stands_out_is_not_seen()
    {
        double[] seconds = [.. Enumerable.Repeat(0.4, CpuSmoothing.Seconds)];
        seconds[7] = 9;
        seconds[^1] = 0;
        Assert.Equal(Enumerable.Repeat(0.4, CpuSmoothing.Samples), CpuSmoothing.Medians(seconds));
    }

    [Fact]
    public void The_newest_samples_come_oldest_first_and_older_seconds_do_not_matter()
    {
        double[] rising = [.. Enumerable.Range(0, 40).Select(second => (double)second)];
        Assert.Equal(Enumerable.Range(28, 10).Select(second => (double)second), CpuSmoothing.Medians(rising));
        Assert.Equal(
            CpuSmoothing.Medians(rising).AsEnumerable(),
            CpuSmoothing.Medians(rising.AsSpan()[^CpuSmoothing.Seconds..]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_young_node_has_as_many_as_it_has_seconds(int count)
        => Assert.Equal(count, CpuSmoothing.Medians(new double[count]).Length);
}
