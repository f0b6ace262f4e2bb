namespace ShardStore.Balancer.Tests;

/// <summary>Demand of every shard at every minute, from a seed: a day curve whose peak hour differs from group to
/// group, steady growth of some shards, noise that lasts some minutes, and on the last day one flash crowd that no
/// history shows.</summary>
internal sealed class DemandScript
{
    public const int ShardCount = 24;
    private const int DayTicks = 1440;
    private const int Days = 3;

    private readonly double[][] _ops;

    public DemandScript(int seed, bool isCalm = false)
    {
        var random = new Random(seed);
        var (crowdShard, crowdStart) = (random.Next(ShardCount), (2 * DayTicks) + random.Next(200, 1100));
        _ops = new double[ShardCount][];
        for (var shard = 0; shard < ShardCount; shard++)
        {
            var peak = isCalm ? 0 : shard / 8 / 3.0;
            var level = (isCalm ? 900 : 1000) * (0.8 + (0.4 * random.NextDouble()));
            var growth = !isCalm && shard % 4 == 0 ? 0.10 : 0;
            _ops[shard] = Series(random, level, peak, growth, isCalm ? 0 : 0.75);
            for (var tick = crowdStart; !isCalm && shard == crowdShard && tick < crowdStart + 40; tick++)
                _ops[shard][tick] *= 2;
        }
    }

    public double Ops(int shard, int tick) => _ops[shard][tick];

    /// <summary>Three reads to a write.</summary>
    public ShardDemand Demand(int shard, int tick) => new(
        0.75 * Ops(shard, tick), 0.25 * Ops(shard, tick), 200 * Ops(shard, tick));

    private static double[] Series(Random random, double level, double peak, double growth, double swing)
    {
        var ops = new double[(Days * DayTicks) + 1];
        var noise = 0.0;
        for (var tick = 0; tick < ops.Length; tick++)
        {
            var day = (double)tick / DayTicks;
            var curve = 1 + (swing * Math.Sin(2 * Math.PI * (day - peak)));
            noise = (0.9 * noise) + (0.03 * ((random.NextDouble() * 2) - 1));
            ops[tick] = Math.Max(0, level * curve * (1 + (growth * day)) * (1 + noise));
        }
        return ops;
    }
}
