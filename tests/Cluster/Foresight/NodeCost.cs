namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>What a node's CPU is at some demand, on this machine and now: a straight line, only to choose the limit of
/// a run. Nothing is judged by it.</summary>
/// <param name="Idle">Without demand. Unit: share of its capacity.</param>
/// <param name="PerOp">One operation on a shard that the node leads.</param>
internal sealed record NodeCost(double Idle, double PerOp)
{
    /// <summary>One on a shard that it follows, as a part of that: one in ten is a write, which followers take,
    /// too.</summary>
    private const double FollowerPart = 0.1;

    public static double Weighed(double ledOps, double followedOps) => ledOps + (FollowerPart * followedOps);

    public double Share(double weighedOps) => Idle + (PerOp * weighedOps);

    /// <summary>By least squares.</summary>
    /// <param name="points">Demand as <see cref="Weighed"/> makes it, and CPU.</param>
    public static NodeCost Fit(IReadOnlyList<(double Ops, double Share)> points)
    {
        var (ops, share) = (points.Average(point => point.Ops), points.Average(point => point.Share));
        var spread = points.Sum(point => (point.Ops - ops) * (point.Ops - ops));
        var shared = points.Sum(point => (point.Ops - ops) * (point.Share - share));
        var slope = Math.Max(0, shared / spread);
        return new NodeCost(share - (slope * ops), slope);
    }
}
