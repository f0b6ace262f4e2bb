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
            if (node.Id.Value < 1)
                throw Refuse($"node id {node.Id} is not allowed; 1 or more is");
            if (!nodes.Add(node.Id))
                throw Refuse($"node {node.Id} is listed twice");
            if (!(node.CapacityCores > 0 && double.IsFinite(node.CapacityCores)))
                throw Refuse($"node {node.Id} has {node.CapacityCores} cores; a finite number above 0 is needed");
            CheckAmount(node.Utilization.Cpu, "CPU fraction of node", node.Id.Value);
            CheckAmount(node.Used.CpuCores, "used cores of node", node.Id.Value);
            if (node.BackgroundCores is { } background && !double.IsFinite(background))
                throw Refuse($"background cores of node {node.Id} are {background}; a finite number is needed");
        }
        var shards = new HashSet<ShardId>();
        foreach (var shard in snapshot.Shards)
        {
            if (!shards.Add(shard.Id))
                throw Refuse($"shard {shard.Id} is listed twice");
            CheckPlacement(shard, nodes);
            CheckAmounts(shard);
        }
    }

    private static void CheckPlacement(ShardLoad shard, HashSet<NodeId> nodes)
    {
        var isLed = shard.Leader.IsNone;
        for (var i = 0; i < shard.Replicas.Length; i++)
        {
            var node = shard.Replicas[i].Node;
            isLed |= node == shard.Leader;
            if (!nodes.Contains(node))
                throw Refuse($"shard {shard.Id} has a replica on unknown node {node}");
            for (var j = 0; j < i; j++)
            {
                if (shard.Replicas[j].Node == node)
                    throw Refuse($"shard {shard.Id} has two replicas on node {node}");
            }
        }
        if (!isLed)
            throw Refuse($"shard {shard.Id} is led by node {shard.Leader}, which holds no replica of it");
    }

    private static void CheckAmounts(ShardLoad shard)
    {
        CheckAmount(shard.SizeBytes, "size of shard", shard.Id.Value);
        CheckAmount(shard.Demand.ReadsPerSecond, "reads/s of shard", shard.Id.Value);
        CheckAmount(shard.Demand.WritesPerSecond, "writes/s of shard", shard.Id.Value);
        CheckAmount(shard.Demand.BytesPerSecond, "bytes/s of shard", shard.Id.Value);
        CheckAmount(shard.LatelyOpsPerSecond ?? 0, "ops/s of late of shard", shard.Id.Value);
        CheckAmount(shard.AttributedCpuCores ?? 0, "attributed cores of shard", shard.Id.Value);
    }

    private static void CheckAmount(double value, string what, int id)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw Refuse($"{what} {id} is {value}; a finite number from 0 is needed");
    }

    private static ArgumentException Refuse(string message) => new("snapshot: " + message);
}
