namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/recommendations/history: a recommendation that was carried out, vetoed, or approved in vain,
/// and what came of it; oldest first. Nodes are given by name.</summary>
public sealed record EndedRecommendationView
{
    public required long Id { get; init; }

    /// <summary>done, failed, vetoed or expired.</summary>
    public required string State { get; init; }

    public required int Shard { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>leaderTransfer or replicaMove.</summary>
    public required string Kind { get; init; }

    public required long ProposedUnixMs { get; init; }
    public long? StartedUnixMs { get; init; }
    public required long EndedUnixMs { get; init; }
    public long? VetoedUntilUnixMs { get; init; }
    public long? MigrationId { get; init; }

    /// <summary>forecastOverload, overload or drain; null where it never started.</summary>
    public string? Cause { get; init; }

    public string? Reason { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }

    public long? PolicyVersion { get; init; }
    public required IReadOnlyList<RejectionView> Rejected { get; init; }

    /// <summary>Planned beside actual; null where it never started.</summary>
    public MoveCostView? Cost { get; init; }

    /// <summary>The CPU of both nodes at its highest, as forecast and as it came; null where it never began.</summary>
    public NodeOutcomeView? Source { get; init; }
    public NodeOutcomeView? Target { get; init; }

    /// <summary>Null for what was not carried out to its end.</summary>
    public HelpView? Help { get; init; }
}

/// <summary>What the move cost, as planned and as it was.</summary>
public sealed record MoveCostView(double BytesPlanned, long Bytes, double SecondsPlanned, double Seconds);

/// <summary>Peaks of a node's CPU share. The forecast ones are those of the acting quantile; what came, and what would
/// have come without the move, is null until it is known.</summary>
public sealed record NodeOutcomeView(
    double ForecastWithout, double ForecastWith, double ChanceWithout, double ChanceWith, double? CameWithout,
    double? Came);

/// <summary>Whether it helped. <paramref name="Verdict"/>: yes, no, notNeeded, cannotTellYet, cannotTell or ordered.
/// <paramref name="Threshold"/>: the CPU share that counts as overload. The rest is of the time from
/// <paramref name="FromUnixMs"/> to <paramref name="ToUnixMs"/>: the source's seconds over the threshold, as they would
/// have been and as they were, those that the target had because of the move, and the part of the time that was
/// measured.</summary>
public sealed record HelpView(
    string Verdict, double Threshold, long FromUnixMs, long ToUnixMs, double? SecondsOverWithout, double? SecondsOver,
    double? TargetSecondsAdded, double? MeasuredShare);
