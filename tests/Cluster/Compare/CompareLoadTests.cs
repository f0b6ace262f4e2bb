using ShardStore.Cluster.Tests.Foresight;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>When requests are due, and how the nodes' seconds are counted.</summary>
public sealed class CompareLoadTests
{
    [Fact]
    public void Requests_are_due_as_often_as_the_rate_says()
    {
        var times = Times(_ => 20, 10, 0);
        Assert.Equal(199, times.Count);
        Assert.Equal(0.05, times[0], 6);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(0.05, pair.Second - pair.First, 6));
    }

    [Fact]
    public void The_rate_may_change_and_lanes_take_turns()
    {
        // The integral of 4 t over ten seconds is 200.
        Assert.InRange(Times(second => 4 * second, 10, 0).Count, 197, 201);
        Assert.Equal(0.025, Times(_ => 20, 10, 0.5)[0], 6);
    }

    [Fact]
    public void A_lane_without_requests_is_there_when_they_come()
    {
        Assert.Empty(Times(_ => 0, 10, 0));
        var times = Times(second => second < 5 ? 1e-6 : 100, 6, 0);
        Assert.InRange(times[0], 5, 5.07);
        Assert.InRange(times.Count, 93, 101);
    }

    [Fact]
    public void Seconds_over_a_share_are_counted_by_the_middle_of_three()
    {
        var use = new NodeUse([]);
        use.Add(1, 100, [0.5, 0.99, 0.5, 0.99, 0.99, 0.99, null, null, null, 0.5]);
        use.Add(2, 100, [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]);
        var range = new SecondRange(100, 110);
        // One second alone does not count; 102 has two full neighbours; 106 has only what is before it.
        Assert.Equal(5, use.Over(0.95, 2, range));
        Assert.Equal(15, use.Over(0.75, 2, range));
        Assert.Equal(1, use.Silent(2, range));
        Assert.Equal(0.8, use.Median(2, range));
        Assert.True(double.IsNaN(use.Median(3, range)));
    }

    [Theory]
    [InlineData(10_000, 5, 10_000)]
    [InlineData(10_001, 5, 15_000)]
    [InlineData(14_999, 5, 15_000)]
    public void A_load_begins_on_a_boundary_of_steps(long unixMs, int stepSeconds, long expected) =>
        Assert.Equal(expected, CompareRun.StepAfter(unixMs, stepSeconds));

    [Fact]
    public void A_load_to_measure_by_follows_from_what_is_known()
    {
        // 0.6 of a quarter core, less what a node needs for nothing.
        Assert.Equal((0.15 - 0.05) / 0.002, CompareCalibration.HighRate(new NodeCost(0.05, 0.002), 0.25), 9);
        Assert.Equal(0.025 / 0.002, CompareCalibration.HighRate(new NodeCost(0.2, 0.002), 0.25), 9);
        var assumed = CompareCalibration.HighRate(CompareCalibration.Assumed, 0.25);
        Assert.Equal(assumed, CompareCalibration.HighRate(new NodeCost(0, 0), 0.25));
        Assert.True(CompareCalibration.Agree(1, 1.1));
        Assert.False(CompareCalibration.Agree(1, 1.2));
        Assert.False(CompareCalibration.Agree(0, 0));
    }

    private static List<double> Times(Func<double, double> rateAt, double endS, double phase)
    {
        var times = new LaneTimes(rateAt, endS, phase);
        var found = new List<double>();
        for (var at = times.Next(); at < endS - 1e-9; at = times.Next())
            found.Add(at);
        return found;
    }
}
