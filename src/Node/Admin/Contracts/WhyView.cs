namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/why/{name}: why a shard or a migration did or did not move, in sentences.</summary>
public sealed record WhyView
{
    /// <summary>shard or migration.</summary>
    public required string Kind { get; init; }

    public required long Id { get; init; }

    /// <summary>In the order to read them.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}
