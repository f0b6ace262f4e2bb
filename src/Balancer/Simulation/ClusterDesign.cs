namespace ShardStore.Balancer.Simulation;

/// <summary>The cluster that demand meets: what nodes can, what an op of each shard truly costs, and where shards lie
/// at first. Nodes and shards by index from 0.</summary>
public sealed record ClusterDesign
{
    public required ulong Seed { get; init; }

    /// <summary>Unit: cores.</summary>
    public required double[] CapacityCores { get; init; }

    /// <summary>Used whatever clients ask. Unit: cores.</summary>
    public required double[] IdleCores { get; init; }

    /// <summary>Of each node; empty: all are in one without a name.</summary>
    public string[] Zones { get; init; } = [];

    public required ShardTraits[] Shards { get; init; }

    /// <summary>Nodes of each shard's replicas, the leader first.</summary>
    public required int[][] Placement { get; init; }

    /// <summary>What one node can send, and at the same time receive. Unit: bytes/s.</summary>
    public double LinkBytesPerSecond { get; init; } = 125e6;

    public int Nodes => CapacityCores.Length;
}

/// <summary>What is true of one shard, whatever the planner believes.</summary>
/// <param name="SizeBytes">On the wire; compression is left out.</param>
/// <param name="ReadShare">Of its ops.</param>
/// <param name="LeaderCoresPerOp">Unit: CPU seconds an op, at its mix of reads and writes.</param>
/// <param name="FollowerCoresPerOp">The same on a follower.</param>
public readonly record struct ShardTraits(
    long SizeBytes, double ReadShare, double LeaderCoresPerOp, double FollowerCoresPerOp)
{
    /// <summary>Key, value and protocol of an op.</summary>
    public const double BytesPerOp = 200;

    public ShardDemand Demand(double ops) => new(ops * ReadShare, ops * (1 - ReadShare), ops * BytesPerOp);
}
