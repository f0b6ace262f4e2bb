namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/migrations: one move, running or ended. Nodes are given by name.</summary>
public sealed record MigrationView
{
    public required long Id { get; init; }
    public required int Shard { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>leaderTransfer or replicaMove.</summary>
    public required string Kind { get; init; }

    /// <summary>Planned, Seeding, CatchingUp, ShiftingReads, SwitchingOver, Retiring, Done, RollingBack or Failed.
    /// </summary>
    public required string Stage { get; init; }

    /// <summary>Why it was begun: the recommendation's words, or "asked for by the operator".</summary>
    public required string Reason { get; init; }

    /// <summary>Version of the policy that called for it; null: an operator did.</summary>
    public long? PolicyVersion { get; init; }

    /// <summary>Why it stands still or failed.</summary>
    public string? Problem { get; init; }

    public required long StartedUnixMs { get; init; }
    public required long StageSinceUnixMs { get; init; }
    public long? EndedUnixMs { get; init; }
    public required long BytesTotal { get; init; }
    public required long BytesMoved { get; init; }

    /// <summary>What went over the wire after compression.</summary>
    public required long BytesOnWire { get; init; }

    public required double BytesPerSecond { get; init; }

    /// <summary>Percent of the shard's reads that the destination serves.</summary>
    public required int ReadPercent { get; init; }

    /// <summary>Longest time a request was held at the switch; null before it.</summary>
    public double? HeldMs { get; init; }

    /// <summary>Of all records, proven equal on source and destination before the source left; hex, null before that.
    /// </summary>
    public string? ContentHash { get; init; }

    public double? SecondsLeft { get; init; }
}
