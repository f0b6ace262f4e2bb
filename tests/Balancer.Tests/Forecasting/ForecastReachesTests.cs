using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests.Forecasting;

public class ForecastReachesTests
{
    [Theory]
    [InlineData(1, 1, new[] { 1 })]
    [InlineData(3, 1, new[] { 1, 2, 3 })]
    [InlineData(12, 2, new[] { 1, 2, 4, 6, 9, 12 })]
    [InlineData(14, 3, new[] { 1, 2, 4, 6, 9, 12, 14 })]
    [InlineData(30, 3, new[] { 1, 2, 4, 6, 9, 12, 16, 20, 25, 30 })]
    public void The_steps_that_are_scored_end_with_the_horizon(int steps, int count, int[] scored)
    {
        var reaches = ForecastReaches.For(steps);
        Assert.Equal(count, reaches.Count);
        Assert.Equal(scored, reaches.Scored);
        for (var step = 1; step <= steps; step++)
        {
            Assert.Equal(Array.IndexOf(scored, step), reaches.PlaceOf(step));
        }

        Assert.Equal(count - 1, scored.Max(ForecastReaches.Of));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(30)]
    public void From_reach_to_reach_there_is_no_jump(int steps)
    {
        var reaches = ForecastReaches.For(steps);
        var before = 0.0;
        for (var step = 1; step <= steps; step++)
        {
            var (reach, next) = reaches.Between(step);
            Assert.InRange(reach + next, before, before + 0.2);
            Assert.InRange(next, 0, 1);
            Assert.True(next == 0 || reach + 1 < reaches.Count, $"step {step} reaches beyond the last");
            before = reach + next;
        }
    }
}
