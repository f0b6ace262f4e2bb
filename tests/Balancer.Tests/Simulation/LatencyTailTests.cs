using ShardStore.Balancer.Simulation;
using Xunit;

namespace ShardStore.Balancer.Tests.Simulation;

public class LatencyTailTests
{
    [Theory]
    [InlineData(0.0, 2.303)]
    [InlineData(0.5, 4.605)]
    [InlineData(0.8, 11.513)]
    [InlineData(0.9, 23.026)]
    public void One_node_has_the_quantile_of_a_queue_with_random_arrivals(double utilization, double expectedMs)
    {
        Assert.Equal(expectedMs, LatencyTail.Ms99(utilization, 0), 3);
        var tail = new LatencyTail();
        tail.Add(1000, utilization, 0);
        Assert.Equal(expectedMs, tail.Ms99(), 0.02 * expectedMs);
    }

    [Fact]
    public void Beyond_saturation_the_backlog_tells_not_the_formula()
    {
        Assert.Equal(LatencyTail.MeanMs(0.98), LatencyTail.MeanMs(3));
        var tail = new LatencyTail();
        tail.Add(1000, 1.2, waitMs: 2000);
        Assert.InRange(tail.Ms99(), 2000, 2000 + (1.1 * LatencyTail.Ms99(1.2, 0)));
    }

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    public void What_few_requests_suffer_shows_when_they_are_more_than_one_in_100(double share)
    {
        var tail = new LatencyTail();
        tail.Add(1 - share, 0.2, 0);
        tail.Add(share, 0.9, 5000);
        Assert.Equal(share > 0.01, tail.Ms99() > 4000);
    }

    [Fact]
    public void Without_requests_there_is_no_latency()
    {
        var tail = new LatencyTail();
        tail.Add(0, 0.5, 0);
        Assert.Equal(0, tail.Ms99());
    }
}
