namespace ShardStore.Node.Backup;

/// <summary>What `ctl backup --json` prints.</summary>
internal sealed record BackupReport
{
    public required string Directory { get; init; }
    public required string ClusterId { get; init; }
    public required int Shards { get; init; }

    /// <summary>Shards whose file was there already, with the same content.</summary>
    public required int Kept { get; init; }

    /// <summary>Files of earlier backups that are not part of this one.</summary>
    public required int FilesDeleted { get; init; }

    /// <summary>Of all files of this backup.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Of the content before compression.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Received from the nodes by this run, compressed.</summary>
    public required long TransferredBytes { get; init; }

    /// <summary>What that is before compression.</summary>
    public required long TransferredContentBytes { get; init; }
    public required double Seconds { get; init; }
}
