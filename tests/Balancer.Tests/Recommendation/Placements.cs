namespace ShardStore.Balancer.Tests;

/// <summary>Carries rows out on a snapshot, as a cluster would.</summary>
internal static class Placements
{
    public static ClusterSnapshot CarryOut(ClusterSnapshot snapshot, Recommendation row) => snapshot with
    {
        Shards = [.. snapshot.Shards.Select(shard => shard.Id == row.Shard ? Move(shard, row) : shard)],
    };

    public static ShardLoad Move(ShardLoad shard, Recommendation row)
    {
        var leader = shard.Leader == row.From ? row.To : shard.Leader;
        if (row.Kind == MoveKind.LeaderTransfer)
            return shard with { Leader = leader };
        return shard with
        {
            Leader = leader,
            Replicas = [.. shard.Replicas.Select(
                replica => replica.Node == row.From ? replica with { Node = row.To } : replica)],
        };
    }

    /// <summary>Nodes report what their shards cost now.</summary>
    public static ClusterSnapshot Remeasure(ClusterSnapshot snapshot) => snapshot with
    {
        Nodes = [.. snapshot.Nodes.Select(node =>
        {
            var cores = snapshot.Shards.Sum(shard => TestCluster.CoresOf(shard, node.Id));
            var fraction = cores / node.CapacityCores;
            return node with
            {
                Used = node.Used with { CpuCores = cores },
                Utilization = node.Utilization with { Cpu = fraction },
                RecentCpu = [.. Enumerable.Repeat(fraction, 10)],
            };
        })],
    };
}
