namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>What a node's CPU is at some demand, on this machine and now: a straight line, only to choose the capacity
/// and the window of a run. Nothing is judged by it.</summary>
/// <param name="IdleCores">Without demand.</param>
/// <param name="CoresPerOp">One operation on a shard that the node leads.</param>
internal sealed record NodeCost(double IdleCores, double CoresPerOp)
{
    /// <summary>One on a shard that it follows, as a part of that: one in ten is a write, which followers take,
    /// too.</summary>
    private const double FollowerPart = 0.1;

    public static double Weighed(double ledOps, double followedOps) => ledOps + (FollowerPart * followedOps);

    public double Cores(double weighedOps) => IdleCores + (CoresPerOp * weighedOps);

    /// <summary>By least squares.</summary>
    /// <param name="points">Demand as <see cref="Weighed"/> makes it, and cores.</param>
    public static NodeCost Fit(IReadOnlyList<(double Ops, double Cores)> points)
    {
        var (ops, cores) = (points.Average(point => point.Ops), points.Average(point => point.Cores));
        var spread = points.Sum(point => (point.Ops - ops) * (point.Ops - ops));
        var shared = points.Sum(point => (point.Ops - ops) * (point.Cores - cores));
        var slope = Math.Max(0, shared / spread);
        return new NodeCost(cores - (slope * ops), slope);
    }
}
