namespace ShardStore.Node.Admin.Contracts;

/// <summary>POST /api/v1/series: history of shards from before, which a forecast may learn from. Steps that have a
/// value already keep it. Answers a <see cref="SeriesImportView"/>; what is refused changes nothing.</summary>
public sealed record SeriesImport
{
    /// <summary>A measure of shards, as GET /api/v1/series spells it.</summary>
    public required string Metric { get; init; }

    /// <summary>The forecast step of the cluster.</summary>
    public required int StepSeconds { get; init; }

    /// <summary>When the first step began; a multiple of the step.</summary>
    public required long StartUnixMs { get; init; }

    public required IReadOnlyList<ShardValues> Shards { get; init; }
}

/// <summary>One shard's means, one a step, oldest first; null: not measured.</summary>
public sealed record ShardValues(int Shard, IReadOnlyList<double?> Values);

/// <summary>What became of the values of an import.</summary>
public sealed record SeriesImportView
{
    public required int Added { get; init; }

    /// <summary>Of steps that had a value already, which stays.</summary>
    public required int Known { get; init; }

    /// <summary>Of steps older than the history that is kept.</summary>
    public required int TooOld { get; init; }
}
