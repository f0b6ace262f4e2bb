namespace ShardStore.Balancer.Simulation;

/// <summary>What kind of cluster is to be drawn.</summary>
public sealed record ClusterRules
{
    /// <summary>Unit: nodes. Default 8. From <see cref="Replicas"/> on.</summary>
    public int Nodes { get; init; } = 8;

    public int Replicas { get; init; } = 3;

    /// <summary>Nodes are in them by turns; 1: all in one, and none is named. Copies of a shard start in as many as
    /// there are. Range 1 to <see cref="Nodes"/>.</summary>
    public int Zones { get; init; } = 1;

    /// <summary>Mean utilization of the cluster over the scored time, with no move made; less where
    /// <see cref="PeakLoad"/> asks for it.</summary>
    public double Load { get; init; } = 0.65;

    /// <summary>Utilization of the whole cluster in its busiest step, at most: above a node's threshold no balancing
    /// could help, and every strategy would be over it at all nodes at once.</summary>
    public double PeakLoad { get; init; } = 0.72;

    /// <summary>Median size of a shard. Unit: bytes.</summary>
    public double ShardBytes { get; init; } = 2e9;

    /// <summary>Deviation of the logarithm of a shard's size.</summary>
    public double SizeSpread { get; init; } = 0.5;

    /// <summary>Smallest and largest share of reads.</summary>
    public (double Min, double Max) ReadShare { get; init; } = (0.5, 0.95);

    /// <summary>Nodes of several sizes: the largest has so many times the cores of the smallest. 1: all alike.
    /// </summary>
    public double CapacityRatio { get; init; } = 1;
}
