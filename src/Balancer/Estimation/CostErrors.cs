namespace ShardStore.Balancer;

/// <summary>Standard errors of a fitted <see cref="CostModel"/>, in its units: two of them to either side hold the true
/// figure 19 times in 20, if the samples are independent. One that is larger than its figure says that the samples do
/// not tell it apart from the others.</summary>
/// <param name="Residual">What the model leaves unexplained of a sample. Unit: cores.</param>
public sealed record CostErrors(double Read, double Write, double FollowerWrite, double Idle, double Residual)
{
    /// <summary>How the errors of a read and a write go together. Where both always come in one ratio, each may be far
    /// off and the other makes up for it. Unit: CPU seconds squared.</summary>
    public double ReadWriteCovariance { get; init; }

    /// <summary>Of <see cref="CostModel.LeaderCores"/>. Unit: cores.</summary>
    public double LeaderCores(ShardDemand demand)
    {
        var (reads, writes) = (demand.ReadsPerSecond * Read, demand.WritesPerSecond * Write);
        var together = 2 * demand.ReadsPerSecond * demand.WritesPerSecond * ReadWriteCovariance;
        return Math.Sqrt(Math.Max(0, (reads * reads) + (writes * writes) + together));
    }
}
