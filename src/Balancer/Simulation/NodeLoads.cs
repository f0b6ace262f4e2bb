namespace ShardStore.Balancer.Simulation;

/// <summary>What every node is asked for: cores by the true costs of its shards, and the ops that it leads.</summary>
internal sealed class NodeLoads(ClusterDesign design)
{
    /// <summary>Used and wanted together: above capacity the rest has to wait.</summary>
    public double[] Cores { get; } = new double[design.Nodes];

    public double[] Reads { get; } = new double[design.Nodes];

    public double[] LeaderWrites { get; } = new double[design.Nodes];

    public double[] FollowerWrites { get; } = new double[design.Nodes];

    public void Fill(SimulatedPlacement placement, double[] ops, double[] movingCores)
    {
        Array.Clear(Reads);
        Array.Clear(LeaderWrites);
        Array.Clear(FollowerWrites);
        for (var node = 0; node < Cores.Length; node++)
        {
            Cores[node] = placement.IsUp(node) ? design.IdleCores[node] + movingCores[node] : 0;
        }

        for (var shard = 0; shard < ops.Length; shard++)
        {
            // Nobody can write to a shard that nobody leads.
            if (placement.Leader(shard) is var leader && leader != SimulatedPlacement.NoNode)
            {
                Add(design.Shards[shard], ops[shard], placement.Replicas(shard).AsSpan(), leader, placement);
            }
        }
    }

    private void Add(
        ShardTraits traits, double ops, ReadOnlySpan<ShardReplica> replicas, int leader, SimulatedPlacement placement)
    {
        var writes = ops * (1 - traits.ReadShare);
        foreach (var replica in replicas)
        {
            var node = replica.Node.Value - 1;
            if (node == leader)
            {
                Cores[node] += ops * traits.LeaderCoresPerOp;
                Reads[node] += ops * traits.ReadShare;
                LeaderWrites[node] += writes;
            }
            else if (placement.IsUp(node))
            {
                Cores[node] += ops * traits.FollowerCoresPerOp;
                FollowerWrites[node] += writes;
            }
        }
    }
}
