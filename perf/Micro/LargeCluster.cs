using System.Collections.Immutable;
using ShardStore.Balancer;

namespace ShardStore.Micro;

/// <summary>Snapshots of large clusters: shards of three replicas with 30 steps of forecast, three zones, a mixed load
/// of 55 % of capacity, and on some nodes a growth that takes them over the threshold within the hour.</summary>
internal static class LargeCluster
{
    private const int Steps = 30;
    private const int RampSteps = 12;
    private const double Load = 0.55;
    private const double ReadShare = 0.7;
    private const double HotGrowth = 2.2;
    private const double Growth = 1.05;

    /// <summary>What the planner reads of a forecast. Seven levels of a million shards would fill the memory.</summary>
    private static readonly double[] s_levels = [0.5, 0.9];

    private static double CoresPerOp =>
        CostModel.Prior.LeaderCores(Demand(1)) + (2 * CostModel.Prior.FollowerCores(Demand(1)));

    /// <param name="nodes">Of one core each; 4 or more.</param>
    /// <param name="shards">All of them.</param>
    /// <param name="hotNodes">From the first node on, those whose shards' demand will double.</param>
    public static ClusterSnapshot Build(int nodes, int shards, int hotNodes)
    {
        var random = new Random(1);
        var cores = new double[nodes];
        var all = ImmutableArray.CreateBuilder<ShardLoad>(shards);
        for (var i = 0; i < shards; i++)
        {
            var holders = Holders(i % nodes, nodes, random);
            var spread = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            var demand = Demand(Load * nodes / shards / CoresPerOp * Math.Exp(spread));
            cores[holders[0]] += CostModel.Prior.LeaderCores(demand);
            cores[holders[1]] += CostModel.Prior.FollowerCores(demand);
            cores[holders[2]] += CostModel.Prior.FollowerCores(demand);
            all.Add(new ShardLoad
            {
                Id = new ShardId(i + 1),
                Leader = new NodeId(holders[0] + 1),
                Replicas = ImmutableArray.Create(
                    Array.ConvertAll(holders, node => new ShardReplica(new NodeId(node + 1), IsVoter: true))),
                SizeBytes = 1_000_000_000,
                Demand = demand,
                Forecast = Ramp(demand.OpsPerSecond, holders[0] < hotNodes ? HotGrowth : Growth),
            });
        }
        return new ClusterSnapshot { Nodes = [.. cores.Select(Node)], Shards = all.MoveToImmutable() };
    }

    private static ShardDemand Demand(double ops) => new(ops * ReadShare, ops * (1 - ReadShare), ops * 200);

    private static int[] Holders(int first, int nodes, Random random)
    {
        var half = nodes / 2;
        return [first, (first + random.Next(1, half)) % nodes, (first + random.Next(half, nodes)) % nodes];
    }

    private static NodeLoad Node(double cores, int node) => new()
    {
        Id = new NodeId(node + 1),
        CapacityCores = 1,
        Zone = $"z{node % 3}",
        Utilization = new ResourceFractions(cores, 0.3, 0.3, 0.1),
        Used = new ResourceAmounts(cores, 1e9, 3e11, 1e6),
        RecentCpu = [.. Enumerable.Repeat(cores, CpuSmoothing.Samples)],
    };

    private static QuantileForecast Ramp(double ops, double growth)
    {
        var values = new double[Steps * s_levels.Length];
        for (var step = 0; step < Steps; step++)
        {
            var level = ops * (1 + ((growth - 1) * Math.Min(1, (step + 1.0) / RampSteps)));
            (values[2 * step], values[(2 * step) + 1]) = (level, 1.15 * level);
        }
        return new QuantileForecast(300, s_levels, values, "ramp", ForecastState.Ok);
    }
}
