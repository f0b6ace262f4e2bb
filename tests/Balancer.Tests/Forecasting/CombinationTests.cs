using ShardStore.Balancer.Forecasting;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Balancer.Tests.Forecasting;

public class CombinationTests(ITestOutputHelper output)
{
    private const int Steps = 30;

    [Fact]
    public void Two_that_are_wrong_at_different_times_are_better_together()
    {
        // The truth is 1000; each says it with errors of its own.
        var combination = new Combination(2, ForecastTuning.Default);
        var backtest = new RollingBacktest(3, baselines: 1, Steps);
        var random = new Random(71);
        var truth = new double[Steps];
        Array.Fill(truth, 1000);
        for (var i = 0; i < 200; i++)
        {
            QuantileForecast[] members = [Around(1000 + (50 * Noise(random))), Around(1000 + (50 * Noise(random)))];
            backtest.Replay([.. members, combination.Mix(backtest, members)], truth, 3);
        }

        var (first, second) = (backtest.Pairs.MeanOf(0), backtest.Pairs.MeanOf(1));
        var mixed = backtest.Pairs.MeanOf(2);
        output.WriteLine($"losses {first:F3} and {second:F3}, together {mixed:F3}");
        Assert.True(mixed < 0.95 * Math.Min(first, second));
    }

    [Fact]
    public void Each_reach_has_weights_of_its_own()
    {
        // Member 0 is right early and wrong late, member 1 the other way round.
        var combination = new Combination(2, ForecastTuning.Default);
        var backtest = new RollingBacktest(3, baselines: 1, Steps);
        QuantileForecast[] members = [Step(h => h <= 8 ? 1000 : 1200), Step(h => h <= 8 ? 1200 : 1000)];
        for (var i = 0; i < 20; i++)
        {
            backtest.Replay([.. members, members[0]], Enumerable.Repeat(1000.0, Steps).ToArray(), 3);
        }

        var mixed = combination.Mix(backtest, members);
        Assert.True(combination.WeightsAt(0)[0] > 0.99);
        Assert.True(combination.WeightsAt(2)[1] > 0.99);
        Assert.Equal(1000, mixed.At(1, 0.5), tolerance: 1);
        Assert.Equal(1000, mixed.At(Steps, 0.5), tolerance: 1);
        Assert.Equal(Combination.MethodName, mixed.Method);
    }

    [Fact]
    public void A_member_without_an_answer_has_no_weight()
    {
        var combination = new Combination(2, ForecastTuning.Default);
        var backtest = new RollingBacktest(3, baselines: 1, Steps);
        var silent = Around(5) with { State = ForecastState.NotEnoughHistory, Reason = "young" };
        var mixed = combination.Mix(backtest, [Around(1000), silent]);
        Assert.Equal([1.0, 0.0], combination.WeightsAt(0).ToArray());
        Assert.Equal(Around(1000).Values, mixed.Values);
        var nothing = combination.Mix(backtest, [silent, silent]);
        Assert.Equal(ForecastState.NotEnoughHistory, nothing.State);
        Assert.Equal("young", nothing.Reason);
        Assert.Equal(silent.Values, nothing.Values);
    }

    [Fact]
    public void Levels_stay_in_order_whatever_the_weights()
    {
        var random = new Random(72);
        var combination = new Combination(3, ForecastTuning.Default);
        var backtest = new RollingBacktest(4, baselines: 1, Steps);
        for (var i = 0; i < 50; i++)
        {
            var members = Enumerable.Range(0, 3).Select(_ => Around(1000 + (300 * Noise(random)))).ToArray();
            var mixed = combination.Mix(backtest, members);
            ForecastShape.AssertOrdered(mixed);
            var truth = Enumerable.Range(0, Steps).Select(_ => 1000 + (100 * Noise(random))).ToArray();
            backtest.Replay([.. members, mixed], truth, 3);
        }
    }

    private static QuantileForecast Around(double value) => Step(_ => value);

    private static QuantileForecast Step(Func<int, double> median)
    {
        var values = new double[Steps * ForecastLevels.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var level = i % ForecastLevels.Count;
            values[i] = median((i / ForecastLevels.Count) + 1) + (30 * (level - ForecastLevels.MedianColumn));
        }

        return new QuantileForecast(1, ForecastLevels.All, values, "x", ForecastState.Ok);
    }

    private static double Noise(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
