using Xunit;

namespace ShardStore.Balancer.Tests;

public class OverloadOutlookTests
{
    [Fact]
    public void Contributions_and_background_sum_to_the_median_at_the_peak()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            foreach (var outlook in RandomCluster.Draw(seed).Decide().Outlooks)
            {
                var sum = outlook.BackgroundCores + outlook.Contributions.Sum(part => part.Cores);
                var step = (int)(((outlook.PeakMs - TestCluster.NowMs) / 1000.0 / outlook.StepSeconds) - 0.5);
                Assert.True(Math.Abs(sum - outlook.Median[step]) < 1e-9, $"seed {seed} node {outlook.Node}");
                Assert.True(outlook.Median.Zip(outlook.ActQuantile).All(pair => pair.First <= pair.Second));
            }
        }
    }

    [Fact]
    public void Measured_load_that_no_shard_explains_is_background_and_stays()
    {
        var cluster = new TestCluster().AddNodes(3).AddShard(0.2, [1, 2, 3], TestCluster.Flat(0.2))
            .ChangeNode(1, node => node with
            {
                Utilization = new ResourceFractions(0.5, 0, 0, 0),
                Used = new ResourceAmounts(0.5, 0, 0, 0),
            });

        var outlook = cluster.Decide().Outlooks[0];

        Assert.Equal(0.3, outlook.BackgroundCores, 9);
        Assert.Equal(0.5, outlook.Median[0], 9);
    }

    [Fact]
    public void A_model_dearer_than_what_nodes_measure_is_scaled_down()
    {
        var cluster = new TestCluster().AddNodes(3).AddShard(0.8, [1, 2, 3], TestCluster.Ramp(0.8, 1.6));
        for (var id = 1; id <= 3; id++)
        {
            var used = id == 1 ? 0.2 : 0.0;
            cluster.ChangeNode(id, node => node with
            {
                Utilization = new ResourceFractions(used, 0, 0, 0),
                Used = new ResourceAmounts(used, 0, 0, 0),
            });
        }

        // A little less: demand of now is below the first step of the ramp.
        Assert.InRange(cluster.Decide().Outlooks[0].Median[^1], 0.39, 0.4);
    }

    /// <summary>The steps count from the last sample. A decision made four minutes after it has four minutes less.
    /// </summary>
    [Fact]
    public void An_aged_forecast_breaches_earlier_by_its_age()
    {
        static long BreachMs(double ageSeconds) => new TestCluster().AddNodes(3)
            .AddShard(0.3, [1, 2, 3], TestCluster.Curve(step => step <= 4 ? 0.3 : 1.1) with { AgeSeconds = ageSeconds })
            .Decide().Outlooks[0].BreachMsP50!.Value;

        var fresh = BreachMs(0);
        Assert.InRange(fresh - TestCluster.NowMs, 1_200_000, 1_500_000);
        Assert.Equal(300_000, fresh - BreachMs(300));
        Assert.Equal(300_000, fresh - BreachMs(240));
        Assert.Equal(fresh, BreachMs(60));
    }

    [Fact]
    public void Wider_forecasts_may_breach_earlier()
    {
        static OverloadOutlook Outlook(double sigma) => new TestCluster().AddNodes(3)
            .AddShard(0.3, [1, 2, 3], TestCluster.Ramp(0.5, 0.9, sigma)).Decide().Outlooks[0];

        var (narrow, wide) = (Outlook(0.01), Outlook(0.1));
        Assert.True(wide.BreachMsP90 < narrow.BreachMsP90);
        Assert.True(wide.BreachMsP90 < wide.BreachMsP50 && wide.BreachMsP50 <= narrow.BreachMsP50);
    }

    [Fact]
    public void Gauss_excess_matches_its_limits()
    {
        Assert.Equal(0.5, Gauss.MeanExcess(1, 1.5, 0), 12);
        Assert.Equal(0, Gauss.MeanExcess(1, 0.5, 0.001), 12);
        Assert.Equal(0.3989422804, Gauss.MeanExcess(0, 0, 1), 9);
        Assert.Equal(0.1586552539, Gauss.TailAbove(1, 0, 1), 9);
    }
}
