using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Tests.Admin;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

/// <summary>The next controller forecasts what the last one did.</summary>
public class ControllerFailoverTests
{
    private const int StepSeconds = 60;
    private const int ShardCount = 3;

    [Fact]
    public void A_node_that_followed_forecasts_the_same_as_the_controller()
    {
        var cluster = new TestCluster();
        var (controller, follower) = (new Member(cluster), new Member(cluster));
        ForecastRound led = null!, followed = null!;
        for (var minute = 0; minute < 240; minute++)
        {
            for (var second = 0; second < StepSeconds; second += 10)
            {
                var unixMs = 1_790_000_040_000L + (((minute * StepSeconds) + second) * 1000L);
                for (var shard = 1; shard <= ShardCount; shard++)
                    controller.Rollups.Add(Demand(shard, minute, second), unixMs);
            }
            var batches = controller.Rollups.TakeBatches(
                1_790_000_040_000L + ((minute + 1) * StepSeconds * 1000L));
            foreach (var batch in batches)
            {
                Assert.True(controller.Loads.TryMerge(batch, out _));
                Assert.True(follower.Loads.TryMerge(batch, out _));
            }
            led = controller.Balancer.Follow(cluster.ViewOf(1));
            // A follower looks at its own times, and sometimes once more.
            followed = follower.Balancer.Follow(cluster.ViewOf(2));
            if (minute % 3 == 0)
                followed = follower.Balancer.Follow(cluster.ViewOf(2));
        }

        Assert.Equal(ShardCount, led.Series.Count);
        Assert.Contains(led.Series, series => series.Forecast.Method != "last-value");
        foreach (var (mine, theirs) in led.Series.Zip(followed.Series))
        {
            Assert.Equal(mine.Forecast.Method, theirs.Forecast.Method);
            Assert.Equal(mine.Forecast.Values, theirs.Forecast.Values);
            Assert.Equal(mine.Coverage, theirs.Coverage);
            Assert.Equal(mine.Past, theirs.Past);
        }
    }

    private static ShardDemand Demand(int shard, int minute, int second)
    {
        var noise = new Random((shard * 100_000) + (minute * 60) + second).NextDouble();
        var rate = (float)(1000 + (shard * 300 * Math.Sin(2 * Math.PI * minute / 60)) + (100 * noise));
        return new ShardDemand(shard, rate, rate / 4);
    }

    /// <summary>The controller's parts in one node. Samples go through <see cref="Rollups"/>, as on the leader, and
    /// what is replicated of them into <see cref="Loads"/>.</summary>
    private sealed class Member
    {
        public Member(TestCluster cluster)
        {
            var snapshots = new SnapshotBuilder(cluster.Telemetry, Loads, new UnconnectedTransport(), selfNode: 1);
            Balancer = new BalancerService(
                Loads, new DemandSeries(Loads, seasonSteps: 60),
                TestCluster.ModelsOf(DemandForecaster.Standard(null)), snapshots, cluster.Telemetry);
        }

        public LoadRollups Rollups { get; } = new(StepSeconds);
        public LoadKeeper Loads { get; } = new(StepSeconds);
        public BalancerService Balancer { get; }
    }
}
