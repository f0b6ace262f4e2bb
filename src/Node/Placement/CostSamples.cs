using ShardStore.Balancer;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>What each node served in this second and the cores that it took, for the cost model.</summary>
internal static class CostSamples
{
    public static IEnumerable<CostSample> Of(MetaView view, ClusterTelemetry telemetry)
    {
        var served = view.Nodes.ToDictionary(node => node.Number, _ => new CostSample());
        foreach (var shard in view.Map.Shards)
        {
            if (telemetry.Demand(shard.Id)?.Demand is not { } demand)
                continue;
            foreach (var replica in shard.Replicas)
            {
                if (!served.TryGetValue(replica.Node, out var sum))
                    continue;
                served[replica.Node] = replica.Node == shard.LeaderNode
                    ? sum with
                    {
                        ReadsPerSecond = sum.ReadsPerSecond + demand.ReadsPerSecond,
                        LeaderWritesPerSecond = sum.LeaderWritesPerSecond + demand.WritesPerSecond,
                    }
                    : sum with { FollowerWritesPerSecond = sum.FollowerWritesPerSecond + demand.WritesPerSecond };
            }
        }
        foreach (var node in view.Nodes)
        {
            if (telemetry.Node(node.Number) is { } known)
            {
                yield return served[node.Number] with
                {
                    CpuCores = known.Utilization.CpuShare * node.CapacityCores,
                };
            }
        }
    }
}
