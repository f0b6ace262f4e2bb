namespace ShardStore.Balancer;

/// <summary>Demand → CPU. Linear on purpose: few samples fit it, and a wrong model fails visibly.
/// Leaders pay for reads and writes, followers for writes only. Units: CPU seconds an operation, cores.</summary>
public sealed record CostModel
{
    /// <summary>Before anything is measured: 20 µs a read, 50 µs a write, 30 µs a replicated write on a follower.
    /// Deliberately on the dear side; a planning round scales it down where nodes measure less.</summary>
    public static readonly CostModel Prior = new();

    public double ReadCpuSeconds { get; init; } = 20e-6;
    public double WriteCpuSeconds { get; init; } = 50e-6;
    public double FollowerWriteCpuSeconds { get; init; } = 30e-6;

    /// <summary>Cores that a node uses with no demand at all.</summary>
    public double IdleCores { get; init; }

    /// <summary>Effective number of samples behind the fit; 0 = prior.</summary>
    public double SampleWeight { get; init; }

    /// <summary>How far each figure may be off; null while too few samples say.</summary>
    public CostErrors? Errors { get; init; }

    public double LeaderCores(ShardDemand demand) =>
        (demand.ReadsPerSecond * ReadCpuSeconds) + (demand.WritesPerSecond * WriteCpuSeconds);

    public double FollowerCores(ShardDemand demand) => demand.WritesPerSecond * FollowerWriteCpuSeconds;
}
