using ShardStore.Node.Bench;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Several days of demand on the shards of a small cluster, a value a step of five minutes: one shard is far
/// hotter than the others. The last whole day is the one that is replayed, those before are what the cluster
/// knows.</summary>
internal sealed class DayLoad
{
    public const int DaySteps = 288;
    public const int Shards = 8;
    public const double StepSeconds = 300;

    private const int HistoryDays = 7;

    /// <summary>The replay may begin late in its day and goes on into the next.</summary>
    private const int Steps = (HistoryDays + 2) * DaySteps;

    /// <summary>Of the demand on all shards.</summary>
    private const double HotShare = 0.45;

    private readonly double[][] _rates;

    private DayLoad(int hotShard, double[][] rates) => (HotShard, _rates) = (hotShard, rates);

    public int HotShard { get; }

    /// <summary>Where the day begins that is replayed.</summary>
    public static int LastDay => HistoryDays * DaySteps;

    /// <summary>Demand on a shard, straight between two steps. Any unit, the same for all.</summary>
    public double RateAt(int shard, double step)
    {
        var rates = _rates[shard - 1];
        var place = Math.Clamp(step, 0, rates.Length - 1.001);
        var (before, part) = ((int)place, place - Math.Floor(place));
        return (rates[before] * (1 - part)) + (rates[before + 1] * part);
    }

    /// <summary>All shards in proportion.</summary>
    public DayLoad Times(double factor) =>
        new(HotShard, Array.ConvertAll(_rates, rates => Array.ConvertAll(rates, rate => rate * factor)));

    /// <summary>Days of two peaks over a quiet night, no two alike: each has a size of its own, every step is a little
    /// off, and the error of one step lasts into the next. The shards share the day, not its details.</summary>
    public static DayLoad Made(int seed)
    {
        var random = new Random(seed);
        var shape = DayShape.Draw(random);
        var common = Wander(random, spread: 0.03);
        var days = Array.ConvertAll(new double[(Steps / DaySteps) + 1], _ => 1 + (0.07 * Normal(random)));
        var hotShard = random.Next(1, Shards + 1);
        var rates = new double[Shards][];
        for (var shard = 1; shard <= Shards; shard++)
        {
            var own = Wander(random, spread: 0.04);
            var (late, lift) = (6 * Normal(random), shard == hotShard ? 3 : 1 + random.NextDouble());
            var share = ShareOf(shard, hotShard);
            rates[shard - 1] = [.. Enumerable.Range(0, Steps).Select(step =>
                share * Math.Exp(common[step] + own[step])
                * (1 + (lift * days[step / DaySteps] * shape.At(step - late))))];
        }
        return new DayLoad(hotShard, rates);
    }

    /// <summary>A real trace of five-minute steps, hashed over the shards: each has the same part of it all the time.
    /// A trace of many columns is summed up.</summary>
    /// <param name="trace">At least nine days long.</param>
    /// <param name="run">Every run ends one day later; after the last day comes the first one again.</param>
    public static DayLoad Of(TraceFile trace, int run)
    {
        var starts = ((trace.TimesS.Count - Steps) / DaySteps) + 1;
        if (starts < 1 || Math.Abs(trace.TimesS[1] - trace.TimesS[0] - StepSeconds) > 1e-6)
            throw new TraceFormatException($"a trace of at least {Steps} steps of {StepSeconds:0} s is needed");
        var first = run % starts * DaySteps;
        var hotShard = (run % Shards) + 1;
        return new DayLoad(hotShard, [.. Enumerable.Range(1, Shards).Select(shard =>
            Enumerable.Range(first, Steps)
                .Select(step => ShareOf(shard, hotShard) * trace.Values.Sum(column => column[step])).ToArray())]);
    }

    private static double ShareOf(int shard, int hotShard) =>
        shard == hotShard ? HotShare : (1 - HotShare) / (Shards - 1);

    /// <summary>A first-order autoregression around zero, so that neighbours err together.</summary>
    private static double[] Wander(Random random, double spread)
    {
        const double kept = 0.8;
        var values = new double[Steps];
        for (var i = 1; i < Steps; i++)
            values[i] = (kept * values[i - 1]) + (spread * Math.Sqrt(1 - (kept * kept)) * Normal(random));
        return values;
    }

    /// <summary>Box and Muller's.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Two bells on the circle of a day, the second the higher one. Units: steps, and parts of the night's
    /// demand.</summary>
    private sealed record DayShape((double Peak, double Width, double Height) One,
        (double Peak, double Width, double Height) Two)
    {
        public static DayShape Draw(Random random)
        {
            var first = DaySteps * random.NextDouble();
            return new DayShape(
                (first, 24 + (8 * random.NextDouble()), 0.7 + (0.3 * random.NextDouble())),
                (first + 95 + (30 * random.NextDouble()), 24 + (8 * random.NextDouble()),
                    1.1 + (0.3 * random.NextDouble())));
        }

        public double At(double step) => Bell(One, step) + Bell(Two, step);

        private static double Bell((double Peak, double Width, double Height) bell, double step)
        {
            var off = Math.IEEERemainder(step - bell.Peak, DaySteps) / bell.Width;
            return bell.Height * Math.Exp(-off * off / 2);
        }
    }
}
