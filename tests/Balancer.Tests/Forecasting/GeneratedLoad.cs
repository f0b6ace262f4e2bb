namespace ShardStore.Balancer.Tests.Forecasting;

/// <summary>Made-up loads of known kinds. The seed is part of each test's name or message, so a failure
/// repeats.</summary>
internal static class GeneratedLoad
{
    public const int DaySteps = 288;
    public const double StepSeconds = 300;

    public static SeriesShape Daily => SeriesShape.Daily(StepSeconds, 0);

    public static double[] DayCurve(int count, double noise, int seed)
    {
        var random = new Random(seed);
        return Make(count, i => 1000 + (600 * Math.Sin(2 * Math.PI * i / DaySteps)) + (noise * Normal(random)));
    }

    public static double[] WhiteNoise(int count, int seed)
    {
        var random = new Random(seed);
        return Make(count, _ => 1000 + (100 * Normal(random)));
    }

    public static double[] RandomWalk(int count, int seed)
    {
        var random = new Random(seed);
        var level = 100_000.0;
        return Make(count, _ => level += 100 * Normal(random));
    }

    /// <summary>Weights of the last two values in <see cref="Wave"/>.</summary>
    public static double[] WaveWeights => [1.4, -0.7];

    /// <summary>An autoregression of order two around 1000 whose errors have deviation 10.</summary>
    public static double[] Wave(int count, int seed)
    {
        var random = new Random(seed);
        var (last, before) = (0.0, 0.0);
        return Make(count, _ =>
        {
            (last, before) = ((WaveWeights[0] * last) + (WaveWeights[1] * before) + (10 * Normal(random)), last);
            return 1000 + last;
        });
    }

    public static double[] LevelShift(int count, int stepsSince, int seed)
    {
        var random = new Random(seed);
        return Make(count, i => (i < count - stepsSince ? 100 : 500) + (5 * Normal(random)));
    }

    public static double[] Constant(int count, double value) => Make(count, _ => value);

    public static LoadHistory History(ReadOnlySpan<double> values, int capacity = 4096)
    {
        var history = new LoadHistory(capacity);
        foreach (var value in values)
        {
            history.Append(value);
        }

        return history;
    }

    private static double[] Make(int count, Func<int, double> at)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = at(i);
        }

        return values;
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
