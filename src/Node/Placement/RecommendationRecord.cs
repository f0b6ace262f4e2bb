using System.Collections.Immutable;
using System.Text.Json;
using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>How far a recommendation has come. Persisted: never renumber.</summary>
public enum RecommendationState : byte
{
    Proposed = 1,
    Approved = 2,
    Vetoed = 3,
    Executing = 4,
    Done = 5,
    Failed = 6,
    /// <summary>It was approved and its time passed before it could start.</summary>
    Expired = 7,
}

/// <summary>A recommendation of the planner and what became of it. Of a mere proposal this is its identity; what the
/// planner says of it is in the controller's last round.</summary>
public sealed record RecommendationRecord
{
    /// <summary>The shape this build writes; an older one is read, a newer one refused by name.</summary>
    public const int FormatKnown = 1;

    public int Format { get; init; } = FormatKnown;
    public required long Id { get; init; }
    public required ProposedMove Move { get; init; }

    /// <summary>Part of a drain: an order, so nobody has to approve it and nobody may veto it.</summary>
    public bool IsDrain { get; init; }

    public required RecommendationState State { get; init; }
    public required long ProposedMs { get; init; }

    /// <summary>When it came into its state.</summary>
    public required long SinceMs { get; init; }

    /// <summary>When its approval is void, and how late a refresh may move that; 0 = it was not approved.</summary>
    public long ApprovedUntilMs { get; init; }
    public long ApprovalLatestMs { get; init; }

    /// <summary>Until when the shard is left alone; 0 = it was not vetoed.</summary>
    public long VetoedUntilMs { get; init; }

    /// <summary>Number of the migration that carries it out; 0 = none yet.</summary>
    public long Migration { get; init; }

    public long StartedMs { get; init; }
    public long EndedMs { get; init; }

    /// <summary>Bytes that the move has sent.</summary>
    public long Bytes { get; init; }

    public string Error { get; init; } = "";
    public MoveCause Cause { get; init; }
    public long PolicyVersion { get; init; }
    public string Strategy { get; init; } = "";

    /// <summary>Who forecast the demand of the shard.</summary>
    public string ForecastMethod { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>Null until it starts.</summary>
    public MoveExpectation? Expected { get; init; }

    public ImmutableArray<RejectedTarget> Rejected { get; init; } = [];

    /// <summary>Null until it can be told.</summary>
    public MoveOutcome? Outcome { get; init; }

    /// <summary>Whether the planner may still propose it as the same.</summary>
    public bool IsOpen => State is RecommendationState.Proposed or RecommendationState.Approved
        or RecommendationState.Executing;

    public bool IsVetoedAt(long nowMs) => State == RecommendationState.Vetoed && nowMs < VetoedUntilMs;

    public bool IsApprovedAt(long nowMs) => State == RecommendationState.Approved && nowMs <= ApprovedUntilMs;

    public bool IsOver(long nowMs) => !IsOpen && !IsVetoedAt(nowMs);

    public static RecommendationRecord Read(ReadOnlySpan<byte> json)
    {
        var record = JsonSerializer.Deserialize(json, MetaJson.Default.RecommendationRecord)!;
        if (record.Format > FormatKnown)
        {
            throw new InvalidDataException($"recommendation {record.Id}: format {record.Format} is not known to this "
                + $"build; 1 to {FormatKnown} is");
        }
        return record.Rejected.IsDefault ? record with { Rejected = [] } : record;
    }
}
