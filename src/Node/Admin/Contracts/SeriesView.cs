namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/series: the history of one measure. Null values were not measured.</summary>
public sealed record SeriesView
{
    /// <summary>shard or node.</summary>
    public required string Kind { get; init; }

    public required int Id { get; init; }

    /// <summary>readsPerSecond, writesPerSecond, opsPerSecond, bytesInPerSecond, cpuMicrosPerSecond, cpuShare …
    /// </summary>
    public required string Metric { get; init; }

    public required int StepSeconds { get; init; }
    public required long StartUnixMs { get; init; }
    public required IReadOnlyList<double?> Values { get; init; }
}
