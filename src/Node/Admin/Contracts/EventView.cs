namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/events?after=SEQUENCE: what happened, oldest first.</summary>
public sealed record EventView
{
    public required long Sequence { get; init; }
    public required long UnixMs { get; init; }

    /// <summary>info, warning or error.</summary>
    public required string Severity { get; init; }

    /// <summary>A stable word to filter on, such as leaderChanged, migrationStage, recommendation, nodeDown.</summary>
    public required string Kind { get; init; }

    public required string Text { get; init; }
    public string? Node { get; init; }
    public int? Shard { get; init; }
    public long? MigrationId { get; init; }
}
