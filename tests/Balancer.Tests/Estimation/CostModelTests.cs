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

    /// <summary>Over many machines whose true prices are known: the errors are neither too small nor far too large.
    /// </summary>
    [Fact]
    public void Two_standard_errors_hold_the_true_price_nineteen_times_in_twenty()
    {
        var (held, asked) = (0, 0);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var fit = new CostModelFit();
            for (var i = 0; i < 300; i++)
            {
                var (reads, writes, followed) = (random.Next(40_000), random.Next(10_000), random.Next(20_000));
                var noise = 0.1 * Gauss.Sigmas(Math.Clamp(random.NextDouble(), 1e-9, 1 - 1e-9));
                fit.Add(new CostSample(
                    reads, writes, followed, (reads * 8e-6) + (writes * 30e-6) + (followed * 12e-6) + 0.5 + noise));
            }
            var model = fit.Solve();
            var errors = model.Errors!;
            foreach (var (value, truth, error) in new[]
            {
                (model.ReadCpuSeconds, 8e-6, errors.Read), (model.WriteCpuSeconds, 30e-6, errors.Write),
                (model.FollowerWriteCpuSeconds, 12e-6, errors.FollowerWrite), (model.IdleCores, 0.5, errors.Idle),
            })
            {
                asked++;
                held += Math.Abs(value - truth) <= 2 * error ? 1 : 0;
            }
            Assert.InRange(errors.Residual, 0.08, 0.12);
        }
        Assert.InRange((double)held / asked, 0.93, 0.975);
    }

    [Fact]
    public void What_was_never_seen_apart_has_an_error_larger_than_its_figure()
    {
        var random = new Random(4);
        var fit = new CostModelFit();
        for (var i = 0; i < 300; i++)
        {
            // Reads and writes always in the same ratio: only their sum can be known.
            var ops = random.Next(40_000);
            fit.Add(new CostSample(ops, ops, 0, (ops * 40e-6) + (0.05 * random.NextDouble())));
        }
        var model = fit.Solve();
        Assert.InRange(model.ReadCpuSeconds + model.WriteCpuSeconds, 39e-6, 41e-6);
        Assert.True(model.Errors!.Read > model.ReadCpuSeconds, $"{model.Errors}");
        Assert.True(model.Errors.FollowerWrite > model.FollowerWriteCpuSeconds, $"{model.Errors}");
        // The price of both together is another matter.
        var mixed = new ShardDemand(10_000, 10_000, 0);
        Assert.InRange(model.Errors.LeaderCores(mixed), 0.0001, 0.01 * model.LeaderCores(mixed));
    }

    [Fact]
    public void A_handful_of_samples_has_no_errors_yet()
    {
        var fit = new CostModelFit();
        for (var i = 0; i < 8; i++)
            fit.Add(new CostSample(1000, 0, 0, 0.1));
        Assert.Null(fit.Solve().Errors);
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
