using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using ShardStore.Balancer;

namespace ShardStore.Micro;

/// <summary>One planning round of a large cluster: 100 nodes, 10,000 shards on three nodes each, a forecast of 12 steps
/// for every shard. `Calm` has nothing to do; in `Hot` a tenth of the nodes will breach.</summary>
[MemoryDiagnoser]
public class DecideRound
{
    private const int NodeCount = 100;
    private const int ShardCount = 10_000;
    private const int Steps = 12;
    private const double CoresPerRead = 20e-6;
    private const long NowMs = 1_700_000_000_000;

    private readonly ClusterSnapshot _calm = Build(hotNodes: 0);
    private readonly ClusterSnapshot _hot = Build(hotNodes: NodeCount / 10);

    [Benchmark]
    public int Calm() => Planner.Decide(_calm, NowMs, 1).Recommendations.Length;

    [Benchmark]
    public int Hot() => Planner.Decide(_hot, NowMs, 1).Recommendations.Length;

    private static ClusterSnapshot Build(int hotNodes)
    {
        var random = new Random(1);
        var cores = new double[NodeCount + 1];
        var shards = ImmutableArray.CreateBuilder<ShardLoad>(ShardCount);
        for (var i = 0; i < ShardCount; i++)
        {
            var first = (i % NodeCount) + 1;
            var second = (first + random.Next(1, 50) - 1) % NodeCount + 1;
            var third = (first + random.Next(50, NodeCount) - 1) % NodeCount + 1;
            var reads = 250 * (0.5 + random.NextDouble());
            cores[first] += reads * CoresPerRead;
            shards.Add(new ShardLoad
            {
                Id = new ShardId(i + 1),
                Leader = new NodeId(first),
                Replicas = [.. new[] { first, second, third }.Select(node => new ShardReplica(new NodeId(node), true))],
                SizeBytes = 100_000_000,
                Demand = new ShardDemand(reads, 0, reads * 100),
                Forecast = Ramp(reads, first <= hotNodes ? 2 : 1.1),
            });
        }
        var nodes = Enumerable.Range(1, NodeCount).Select(id => new NodeLoad
        {
            Id = new NodeId(id),
            CapacityCores = 1,
            Utilization = new ResourceFractions(cores[id], 0.3, 0.3, 0.1),
            Used = new ResourceAmounts(cores[id], 1e9, 3e11, 1e6),
        });
        return new ClusterSnapshot { Nodes = [.. nodes], Shards = shards.ToImmutable() };
    }

    private static QuantileForecast Ramp(double ops, double factor)
    {
        var values = new double[Steps * 3];
        for (var step = 0; step < Steps; step++)
        {
            var level = ops * (1 + ((factor - 1) * (step + 1) / Steps));
            (values[step * 3], values[(step * 3) + 1], values[(step * 3) + 2]) = (0.8 * level, level, 1.2 * level);
        }
        return new QuantileForecast(300, [0.1, 0.5, 0.9], values, "ramp", ForecastState.Ok);
    }
}
