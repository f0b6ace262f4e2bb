namespace ShardStore.Node.Backup;

/// <summary>What `ctl restore` was told.</summary>
internal sealed record RestoreOptions
{
    /// <summary>Admin API of any node of the cluster to restore into.</summary>
    public required Uri Admin { get; init; }
    public required string Directory { get; init; }

    /// <summary>Where one shard at a time is unpacked.</summary>
    public required string TemporaryDirectory { get; init; }

    /// <summary>Also into a cluster that holds keys.</summary>
    public bool Merge { get; init; }

    /// <summary>Compare every value and end, beside looking for every key.</summary>
    public bool Verify { get; init; }
}
