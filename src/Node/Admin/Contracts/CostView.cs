namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/costs: what demand costs a node's CPU, as fitted from all nodes' samples.</summary>
public sealed record CostView
{
    public required CostFigureView ReadMicros { get; init; }

    /// <summary>Of a write, on the node that leads the shard.</summary>
    public required CostFigureView WriteMicros { get; init; }

    /// <summary>Of a write, on each node that follows.</summary>
    public required CostFigureView FollowerWriteMicros { get; init; }

    /// <summary>Cores of a node without any demand.</summary>
    public required CostFigureView IdleCores { get; init; }

    /// <summary>Samples behind it, older ones faded; 0: nothing is measured yet and the figures are assumptions.
    /// </summary>
    public required double Samples { get; init; }

    /// <summary>Cores of one sample that the figures leave unexplained, as a standard deviation; null while too few
    /// samples say.</summary>
    public double? ResidualCores { get; init; }

    public required IReadOnlyList<NodeCostView> Nodes { get; init; }
}

/// <summary>A figure and its standard error: two of them to either side hold the true one 19 times in 20. Null while
/// too few samples say.</summary>
public sealed record CostFigureView(double Value, double? Error);

/// <summary>What a node uses now, and the part of it that no shard accounts for.</summary>
public sealed record NodeCostView(string Node, double Cores, double UnattributedCores);
