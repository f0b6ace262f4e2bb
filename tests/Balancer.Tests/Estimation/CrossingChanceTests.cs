using Xunit;

namespace ShardStore.Balancer.Tests;

public class CrossingChanceTests
{
    private const int Runs = 200_000;

    /// <summary>Against as many drawn runs of the same autoregression: a ramp, a flat noisy load near the limit and far
    /// from it, a hump, and a spread that grows.</summary>
    [Theory]
    [InlineData(new[] { 0.3, 0.4, 0.5, 0.6, 0.7, 0.8 }, 0.1)]
    [InlineData(new[] { 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7 }, 0.06)]
    [InlineData(new[] { 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4 }, 0.15)]
    [InlineData(new[] { 0.5, 0.7, 0.78, 0.7, 0.5 }, 0.05)]
    [InlineData(new[] { 0.75 }, 0.1)]
    public void It_is_the_share_of_drawn_runs_that_pass_the_limit(double[] means, double sigma)
    {
        var crossing = new CrossingChance(0.8);
        var worst = 0.0;
        foreach (var mean in means)
        {
            crossing.Add(mean, sigma);
            worst = Math.Max(worst, Gauss.TailAbove(0.8, mean, sigma));
        }

        Assert.Equal(Drawn(means, sigma), crossing.Probability, 0.02);
        Assert.True(crossing.Probability >= worst - 1e-12, $"{crossing.Probability} is below one step's {worst}");
    }

    [Fact]
    public void What_is_certain_counts_as_certain()
    {
        var crossing = new CrossingChance(0.8);
        crossing.Add(0.8, 0);
        Assert.Equal(0, crossing.Probability);
        crossing.Add(0.81, 0);
        crossing.Add(0.1, 0.01);
        Assert.Equal(1, crossing.Probability);
    }

    [Fact]
    public void It_never_falls_as_steps_are_added()
    {
        var random = new Random(5);
        for (var run = 0; run < 1000; run++)
        {
            var crossing = new CrossingChance(0.8);
            var before = 0.0;
            for (var step = 0; step < 60; step++)
            {
                crossing.Add(random.NextDouble() * 1.2, random.NextDouble() < 0.1 ? 0 : random.NextDouble() * 0.3);
                Assert.InRange(crossing.Probability, before, 1);
                before = crossing.Probability;
            }
        }
    }

    private static double Drawn(double[] means, double sigma)
    {
        var random = new Random(7);
        var fresh = Math.Sqrt(1 - (CrossingChance.StepCorrelation * CrossingChance.StepCorrelation));
        var passed = 0;
        for (var run = 0; run < Runs; run++)
        {
            var score = Normal(random);
            foreach (var mean in means)
            {
                if (mean + (sigma * score) > 0.8)
                {
                    passed++;
                    break;
                }
                score = (CrossingChance.StepCorrelation * score) + (fresh * Normal(random));
            }
        }
        return (double)passed / Runs;
    }

    private static double Normal(Random random) => Gauss.Sigmas(Math.Clamp(random.NextDouble(), 1e-12, 1 - 1e-12));
}
