namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/alerts: a condition that holds now.</summary>
public sealed record AlertView
{
    /// <summary>A stable word, such as nodeDown, shardWithoutLeader, overloadForecast, fsyncSlow.</summary>
    public required string Kind { get; init; }

    /// <summary>warning or error.</summary>
    public required string Severity { get; init; }

    public required long SinceUnixMs { get; init; }
    public required string Text { get; init; }
    public string? Node { get; init; }
    public int? Shard { get; init; }

    /// <summary>What was measured and the limit it broke, in the unit that the text names.</summary>
    public double? Value { get; init; }

    public double? Limit { get; init; }
}
