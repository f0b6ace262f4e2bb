using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>One shard's part of a node's expected load. <paramref name="Cores"/> is its median at the node's peak.
/// </summary>
public readonly record struct ShardContribution(ShardId Shard, bool Leads, double Cores);

/// <summary>What lies ahead of one node. Fractions are of its CPU capacity; times are Unix milliseconds.</summary>
public sealed record OverloadOutlook
{
    public required NodeId Node { get; init; }
    public required double Threshold { get; init; }
    public required double CurrentFraction { get; init; }
    public required double StepSeconds { get; init; }

    /// <summary>Expected load and its acting quantile, step by step from one step ahead.</summary>
    public required ImmutableArray<double> Median { get; init; }
    public required ImmutableArray<double> ActQuantile { get; init; }

    /// <summary>Probability of passing the threshold within the horizon, in whichever step.</summary>
    public required double Probability { get; init; }

    public required double PeakFraction { get; init; }
    public required long PeakMs { get; init; }

    /// <summary>When it is as likely as not to have passed the threshold; null if it never is.</summary>
    public long? BreachMsP50 { get; init; }

    /// <summary>When the chance of having passed it reaches what a planner acts on, 1 in 10 by default; never after
    /// <see cref="BreachMsP50"/>.</summary>
    public long? BreachMsP90 { get; init; }

    /// <summary>Share of the load that rests on forecasts with too little history to act on alone.</summary>
    public required double UntrustedShare { get; init; }

    /// <summary>Cores at the peak that belong to no shard. With <see cref="Contributions"/> they sum to the median
    /// there.</summary>
    public required double BackgroundCores { get; init; }

    /// <summary>By falling part, all shards with a replica here.</summary>
    public required ImmutableArray<ShardContribution> Contributions { get; init; }
}
