using ShardStore.Balancer.Capacity;

namespace ShardStore.Balancer.Tests.Capacity;

/// <summary>A cluster whose history is a day curve of each shard, hourly steps from a Monday at midnight on.</summary>
internal static class PlannedCluster
{
    public const int DaySteps = 24;

    /// <summary>2026-01-05 00:00 UTC, a Monday. Unit: steps.</summary>
    public const long FirstStep = 1_767_571_200 / 3600;

    /// <summary>Four nodes of one core; every shard takes the same, and all of them so much of the cluster at its
    /// mean. Shard ids from 1; the load of shard i is led by node i modulo the nodes.</summary>
    public static CapacityInput Of(double fill, int days, double growthPerDay = 0, int nodes = 4, int shards = 24)
    {
        var cluster = new TestCluster().AddNodes(nodes);
        var mean = fill * nodes / shards;
        var history = new Dictionary<ShardId, double[]>();
        for (var shard = 1; shard <= shards; shard++)
        {
            var leader = (shard % nodes) + 1;
            cluster.AddShard(mean, [leader, (leader % nodes) + 1, ((leader + 1) % nodes) + 1]);
            history[new ShardId(shard)] = Curve(mean / TestCluster.CoresPerOp, days, growthPerDay);
        }
        return Of(cluster.Snapshot(), history, days * DaySteps);
    }

    public static CapacityInput Of(
        ClusterSnapshot snapshot, IReadOnlyDictionary<ShardId, double[]> history, int steps) => new()
    {
        Snapshot = snapshot,
        History = history,
        HistorySteps = steps,
        FirstStep = FirstStep,
        StepSeconds = 3600,
        SeasonSteps = DaySteps,
        Days = 7,
        Names = snapshot.Nodes.ToDictionary(node => node.Id, node => $"n{node.Id}"),
    };

    /// <summary>Up and down by a tenth over the day, as much at the end as was asked for.</summary>
    public static double[] Curve(double level, int days, double growthPerDay) =>
    [
        .. Enumerable.Range(0, days * DaySteps).Select(step => level
            * (1 + (0.1 * Math.Sin(2 * Math.PI * step / DaySteps)))
            * Math.Pow(1 + growthPerDay, ((double)step / DaySteps) - days)),
    ];
}
