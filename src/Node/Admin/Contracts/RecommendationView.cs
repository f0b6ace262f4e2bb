namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/recommendations: the ranked proposals of the controller's last round, then what it does not
/// propose any more: what is being carried out, approved, or vetoed for now. Nodes are given by name.</summary>
public sealed record RecommendationView
{
    /// <summary>Number to approve or veto it by. Null for a moment, until the cluster has given it one.</summary>
    public long? Id { get; init; }

    /// <summary>proposed, approved, vetoed or executing.</summary>
    public required string State { get; init; }

    /// <summary>0 for what is not among the proposals.</summary>
    public required int Rank { get; init; }

    /// <summary>Whether it waits for somebody's approval.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>When its approval is void.</summary>
    public long? ApprovedUntilUnixMs { get; init; }

    /// <summary>Until when the shard stays.</summary>
    public long? VetoedUntilUnixMs { get; init; }

    /// <summary>The move that carries it out.</summary>
    public long? MigrationId { get; init; }

    public required int Shard { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>leaderTransfer or replicaMove.</summary>
    public required string Kind { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Urgency { get; init; }

    /// <summary>What the urgency is made of, in fixed order.</summary>
    public required IReadOnlyList<UrgencyTermView> Terms { get; init; }

    /// <summary>When the source would be overloaded: even odds, and one in ten. Null = not within the horizon.
    /// </summary>
    public long? BreachUnixMsP50 { get; init; }

    public long? BreachUnixMsP90 { get; init; }
    public required double MoveSeconds { get; init; }

    /// <summary>Latest start that is still in time.</summary>
    public long? DeadlineUnixMs { get; init; }

    /// <summary>When it is planned to start: the trough before the deadline.</summary>
    public long? ExecuteUnixMs { get; init; }

    public long? ExpiresUnixMs { get; init; }

    /// <summary>The reason in one sentence.</summary>
    public required string Reason { get; init; }

    public required IReadOnlyList<RejectionView> Rejected { get; init; }
    public required long PolicyVersion { get; init; }
}

/// <summary>A named part of the urgency score and its points.</summary>
public sealed record UrgencyTermView(string Name, double Value);

/// <summary>A move that was weighed and not taken.</summary>
public sealed record RejectionView(int Shard, string To, string Code, string Reason);
