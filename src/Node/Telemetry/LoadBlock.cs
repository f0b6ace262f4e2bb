namespace ShardStore.Node.Telemetry;

/// <summary>Consecutive buckets of one metric, for several shards or nodes. Checked by whoever makes it: ids rise, and
/// there is a code for every bucket of every id.</summary>
internal sealed record LoadBlock
{
    public required SeriesKind Kind { get; init; }
    public required LoadMetric Metric { get; init; }
    public required int WidthSeconds { get; init; }
    public required long FirstBucket { get; init; }
    public required int Buckets { get; init; }
    public required int[] Ids { get; init; }

    /// <summary>A row of buckets an id.</summary>
    public required LoadCode[] Codes { get; init; }

    public long EndBucket => FirstBucket + Buckets;

    public ReadOnlySpan<LoadCode> Row(int index) => Codes.AsSpan(index * Buckets, Buckets);
}
