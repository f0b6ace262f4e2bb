using Xunit;

namespace ShardStore.Balancer.Tests;

public class CostModelTests
{
    [Fact]
    public void Without_samples_the_fit_is_the_prior()
    {
        var model = new CostModelFit().Solve();
        Assert.Equal(CostModel.Prior.ReadCpuSeconds, model.ReadCpuSeconds, 9);
        Assert.Equal(CostModel.Prior.WriteCpuSeconds, model.WriteCpuSeconds, 9);
        Assert.Equal(0, model.SampleWeight);
    }

    [Fact]
    public void Noisy_samples_of_a_known_machine_are_learnt_within_five_percent()
    {
        var random = new Random(11);
        var fit = new CostModelFit();
        for (var i = 0; i < 2000; i++)
        {
            var (reads, writes, followed) = (random.Next(40_000), random.Next(10_000), random.Next(20_000));
            var cores = (reads * 8e-6) + (writes * 30e-6) + (followed * 12e-6) + 0.05;
            fit.Add(new CostSample(reads, writes, followed, cores * (1 + (0.05 * (random.NextDouble() - 0.5)))));
        }
        var model = fit.Solve();
        Assert.InRange(model.ReadCpuSeconds, 8e-6 * 0.95, 8e-6 * 1.05);
        Assert.InRange(model.WriteCpuSeconds, 30e-6 * 0.95, 30e-6 * 1.05);
        Assert.InRange(model.FollowerWriteCpuSeconds, 12e-6 * 0.95, 12e-6 * 1.05);
        Assert.InRange(model.IdleCores, 0.04, 0.06);
    }

    [Fact]
    public void Ops_of_a_millisecond_are_learnt_from_a_hundred_a_second_within_a_minute()
    {
        var random = new Random(3);
        var fit = new CostModelFit();
        for (var i = 0; i < 5 * 60; i++)
        {
            var reads = 35 + (40 * random.NextDouble());
            fit.Add(new CostSample(reads, 0, 0, 0.02 + (reads * 1e-3) + (0.01 * (random.NextDouble() - 0.5))));
        }
        Assert.InRange(fit.Solve().ReadCpuSeconds, 0.9e-3, 1.1e-3);
    }

    [Fact]
    public void What_samples_never_show_stays_at_the_prior_and_nothing_goes_negative()
    {
        var fit = new CostModelFit();
        for (var i = 1; i <= 500; i++)
            fit.Add(new CostSample(i * 50, 0, 0, i * 50 * 5e-6));
        var model = fit.Solve();
        Assert.Equal(CostModel.Prior.WriteCpuSeconds, model.WriteCpuSeconds, 9);
        Assert.InRange(model.ReadCpuSeconds, 4.5e-6, 5.5e-6);
        Assert.True(model.IdleCores >= 0);
    }

    [Fact]
    public void Damaged_samples_are_ignored()
    {
        var fit = new CostModelFit();
        fit.Add(new CostSample(double.NaN, 0, 0, 1));
        fit.Add(new CostSample(1, -1, 0, 1));
        fit.Add(new CostSample(1, 1, 1, double.PositiveInfinity));
        Assert.Equal(0, fit.Solve().SampleWeight);
    }

    [Fact]
    public void A_new_price_is_learnt_as_old_samples_fade()
    {
        var fit = new CostModelFit(halfLifeSamples: 50);
        for (var i = 0; i < 1000; i++)
            fit.Add(new CostSample(1000 + (i % 20 * 500), 0, 0, (1000 + (i % 20 * 500)) * (i < 500 ? 5e-6 : 9e-6)));
        Assert.InRange(fit.Solve().ReadCpuSeconds, 8.5e-6, 9.5e-6);
    }
}
