namespace ShardStore.Balancer;

/// <summary>Refuses a snapshot that contradicts itself, naming what is wrong: a plan made from it would be wrong in
/// ways that are much harder to find.</summary>
internal static class SnapshotChecks
{
    public static void Check(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var nodes = new HashSet<NodeId>();
        foreach (var node in snapshot.Nodes)
        {
            Require(node.Id.Value > 0, $"node id {node.Id} is not allowed; 1 or more is");
            Require(nodes.Add(node.Id), $"node {node.Id} is listed twice");
            Require(node.CapacityCores > 0 && double.IsFinite(node.CapacityCores),
                $"node {node.Id} has {node.CapacityCores} cores; more than 0 are needed");
            RequireAmount(node.Utilization.Cpu, "CPU fraction of node", node.Id.Value);
            RequireAmount(node.Used.CpuCores, "used cores of node", node.Id.Value);
        }
        var shards = new HashSet<ShardId>();
        foreach (var shard in snapshot.Shards)
        {
            Require(shards.Add(shard.Id), $"shard {shard.Id} is listed twice");
            CheckShard(shard, nodes);
        }
    }

    private static void CheckShard(ShardLoad shard, HashSet<NodeId> nodes)
    {
        for (var i = 0; i < shard.Replicas.Length; i++)
        {
            var node = shard.Replicas[i].Node;
            Require(nodes.Contains(node), $"shard {shard.Id} has a replica on unknown node {node}");
            for (var j = 0; j < i; j++)
                Require(shard.Replicas[j].Node != node, $"shard {shard.Id} has two replicas on node {node}");
        }
        var isLed = shard.Leader.IsNone || shard.Replicas.Any(replica => replica.Node == shard.Leader);
        Require(isLed, $"shard {shard.Id} is led by node {shard.Leader}, which holds no replica of it");
        Require(shard.SizeBytes >= 0, $"shard {shard.Id} has size {shard.SizeBytes}; 0 or more is needed");
        RequireAmount(shard.Demand.ReadsPerSecond, "reads/s of shard", shard.Id.Value);
        RequireAmount(shard.Demand.WritesPerSecond, "writes/s of shard", shard.Id.Value);
        RequireAmount(shard.Demand.BytesPerSecond, "bytes/s of shard", shard.Id.Value);
        RequireAmount(shard.AttributedCpuCores ?? 0, "attributed cores of shard", shard.Id.Value);
    }

    private static void RequireAmount(double value, string what, int id) =>
        Require(value >= 0 && double.IsFinite(value), $"{what} {id} is {value}; a finite number from 0 is needed");

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException("snapshot: " + message);
    }
}
