namespace ShardStore.Node.Backup;

/// <summary>What one try to fetch a shard came to. <paramref name="Stored"/> null: it may be tried again, and
/// <paramref name="Problem"/> says why it did not work.</summary>
internal sealed record ShardFetch(BackedShard? Stored, string Problem = "")
{
    /// <summary>The file was there already and its content has not changed.</summary>
    public bool IsKept { get; init; }

    /// <summary>Bytes received.</summary>
    public long Received { get; init; }
}
