namespace ShardStore.Balancer;

/// <summary>A recommendation being carried out: what is persisted when it is accepted.</summary>
public sealed record MigrationPlan
{
    /// <summary>Given by whoever persists the plan; never reused.</summary>
    public required long Id { get; init; }
    public required ShardId Shard { get; init; }
    public required NodeId From { get; init; }
    public required NodeId To { get; init; }
    public required MoveKind Kind { get; init; }
    public required long CreatedMs { get; init; }
    public required long PolicyVersion { get; init; }
    public required StageTimeouts Timeouts { get; init; }
    public double ExpectedSeconds { get; init; }
    public string Why { get; init; } = "";

    public static MigrationPlan Accept(long id, Recommendation row, long nowMs) => new()
    {
        Id = id,
        Shard = row.Shard,
        From = row.From,
        To = row.To,
        Kind = row.Kind,
        CreatedMs = nowMs,
        PolicyVersion = row.PolicyVersion,
        Timeouts = StageTimeouts.For(row.Cost),
        ExpectedSeconds = row.Cost.Seconds,
        Why = row.Explanation,
    };

    /// <summary>As the planner wants to see it while it runs.</summary>
    public MoveInFlight InFlight => new(Shard, From, To, Kind, CreatedMs);
}
