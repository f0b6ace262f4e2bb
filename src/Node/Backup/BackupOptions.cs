namespace ShardStore.Node.Backup;

/// <summary>What `ctl backup` was told.</summary>
internal sealed record BackupOptions
{
    /// <summary>Admin API of any node.</summary>
    public required Uri Admin { get; init; }
    public required string Directory { get; init; }

    /// <summary>Most that is read from all nodes together, compressed; 0 = as fast as it comes. Unit: bytes a second.
    /// </summary>
    public double BytesPerSecondMax { get; init; }
}
