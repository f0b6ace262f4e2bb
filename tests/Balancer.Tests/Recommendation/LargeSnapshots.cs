using System.Collections.Immutable;

namespace ShardStore.Balancer.Tests;

/// <summary>Snapshots of many nodes and shards, made without going over all shards for each node.</summary>
internal static class LargeSnapshots
{
    public const long NowMs = TestCluster.NowMs;
    private const int Steps = 30;
    private const double Load = 0.5;

    /// <summary>Three zones, three replicas, mixed loads, reads and writes.</summary>
    /// <param name="nodes">Of a core each.</param>
    /// <param name="shards">All of them.</param>
    /// <param name="hot">Nodes from the first on, whose shards' demand doubles.</param>
    /// <param name="levels">Of the forecasts: those of the planner among them.</param>
    public static ClusterSnapshot Build(int nodes, int shards, int hot, params double[] levels)
    {
        var random = new Random(nodes);
        var cores = new double[nodes];
        var all = new ShardLoad[shards];
        for (var i = 0; i < shards; i++)
        {
            int[] holders = [i % nodes, (i + random.Next(1, nodes / 2)) % nodes, (i + (nodes / 2)) % nodes];
            var ops = 2 * Load * nodes / shards / TestCluster.CoresPerOp * random.NextDouble() / 2;
            var demand = new ShardDemand(ops / 2, ops / 2, ops * 100);
            cores[holders[0]] += TestCluster.Costs.LeaderCores(demand);
            cores[holders[1]] += TestCluster.Costs.FollowerCores(demand);
            cores[holders[2]] += TestCluster.Costs.FollowerCores(demand);
            all[i] = new ShardLoad
            {
                Id = new ShardId(i + 1),
                Leader = new NodeId(holders[0] + 1),
                Replicas = [.. holders.Select(node => new ShardReplica(new NodeId(node + 1), true))],
                SizeBytes = 100_000_000,
                Demand = demand,
                Forecast = Forecast(ops, holders[0] < hot ? 2.5 : 1, levels),
            };
        }
        return new ClusterSnapshot
        {
            Nodes = [.. cores.Select(Node)],
            Shards = ImmutableArray.Create(all),
            Costs = TestCluster.Costs,
        };
    }

    private static NodeLoad Node(double cores, int node) => new()
    {
        Id = new NodeId(node + 1),
        CapacityCores = 1,
        Zone = $"z{node % 3}",
        Utilization = new ResourceFractions(cores, 0.2, 0.2, 0),
        Used = new ResourceAmounts(cores, 0, 1e10, 0),
        RecentCpu = [.. Enumerable.Repeat(cores, 10)],
    };

    private static QuantileForecast Forecast(double ops, double growth, double[] levels)
    {
        var values = new double[Steps * levels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var level = ops * (1 + ((growth - 1) * Math.Min(1, (1 + (i / levels.Length)) / 12.0)));
            values[i] = level * (1 + (0.2 * (levels[i % levels.Length] - 0.5)));
        }
        return new QuantileForecast(TestCluster.StepSeconds, levels, values, "test", ForecastState.Ok);
    }
}
