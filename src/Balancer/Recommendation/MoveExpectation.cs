namespace ShardStore.Balancer;

/// <summary>What lies ahead of a node without a move and with it. Peaks are CPU fractions at the acting quantile,
/// chances those of passing the threshold, both within the horizon.</summary>
public readonly record struct NodeExpectation(
    double PeakWithout, double PeakWith, double ChanceWithout, double ChanceWith);

/// <summary>What a round expected of a move, kept to be compared with what came (<see cref="OutcomeRule"/>). All
/// numbers are finite, since it is stored as JSON.</summary>
public sealed record MoveExpectation
{
    /// <summary>CPU fraction that no node should pass, by the policy of the round.</summary>
    public double Threshold { get; init; }

    /// <summary>When the round was, and as far as it looked. Unix milliseconds.</summary>
    public long DecidedMs { get; init; }
    public long HorizonMs { get; init; }

    /// <summary>When the chance that the source has passed its threshold is one to act on (1 in 10 by default); null
    /// where it never is. Unix milliseconds.</summary>
    public long? BreachMs { get; init; }

    public NodeExpectation Source { get; init; }
    public NodeExpectation Target { get; init; }

    /// <summary>Fraction of the source's capacity that leaves with each op/s of the shard, at what its ops cost when
    /// the round was: of a leader transfer the leader's price less the follower's that stays.</summary>
    public double SourceSharePerOp { get; init; }

    /// <summary>Fraction of the target's capacity that comes with each op/s.</summary>
    public double TargetSharePerOp { get; init; }

    public double WireBytes { get; init; }
    public double Seconds { get; init; }
}
