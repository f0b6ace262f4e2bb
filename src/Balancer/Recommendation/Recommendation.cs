using System.Collections.Immutable;

namespace ShardStore.Balancer;

public enum MoveCause : byte
{
    /// <summary>The node is expected to pass its threshold within the horizon.</summary>
    ForecastOverload = 1,
    /// <summary>The node is over its threshold now.</summary>
    Overload = 2,
    /// <summary>The node is to be emptied.</summary>
    Drain = 3,
}

/// <summary>What the move buys: the source node's outlook before and after it. Peaks are CPU fractions at the acting
/// quantile; overload is the expected load above the threshold, in fraction × seconds over the horizon.</summary>
public readonly record struct MoveGain(
    double ProbabilityBefore, double ProbabilityAfter, double PeakBefore, double PeakAfter,
    double OverloadSecondsAvoided);

/// <summary>A candidate that was not taken, and the first rule that forbade it.</summary>
public sealed record RejectedMove(ShardId Shard, NodeId From, NodeId To, MoveKind Kind, RejectionReason Reason);

/// <summary>One row of the ranked list. Times are Unix milliseconds.</summary>
public sealed record Recommendation
{
    public required ShardId Shard { get; init; }
    public required NodeId From { get; init; }
    public required NodeId To { get; init; }
    public required MoveKind Kind { get; init; }
    public required MoveCause Cause { get; init; }

    /// <summary>When it is as likely as not that the source has passed its threshold; null if it never is within the
    /// horizon.</summary>
    public long? BreachMsP50 { get; init; }

    /// <summary>When one run in ten has passed it, if the policy acts on the 0.9 quantile. This is the time to plan
    /// for, and it is never after <see cref="BreachMsP50"/>.</summary>
    public long? BreachMsP90 { get; init; }

    /// <summary>Latest start that still ends before the breach, less the policy's margin. In the past when the move
    /// cannot end in time; null for a drain.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>When to start: in the trough before the deadline, or at once. Start no row before its time.</summary>
    public required long ExecuteAtMs { get; init; }

    /// <summary>A row not started by then is void: decide again.</summary>
    public required long ExpiresMs { get; init; }

    public required Urgency Urgency { get; init; }
    public required TransferCost Cost { get; init; }
    public required ClientImpact Impact { get; init; }
    public MoveGain Gain { get; init; }

    /// <summary>What to compare with when the move is over.</summary>
    public MoveExpectation Expected { get; init; } = new();

    public bool EndsInTime { get; init; }
    public ImmutableArray<RejectedMove> Alternatives { get; init; } = [];
    public required long PolicyVersion { get; init; }
    public required string Strategy { get; init; }

    /// <summary>One sentence for people: cause, numbers, choice.</summary>
    public required string Explanation { get; init; }
}
