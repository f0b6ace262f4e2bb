namespace ShardStore.Node.Backup;

/// <summary>One shard in a backup: its file, and what is in it.</summary>
internal sealed record BackedShard
{
    public required int Shard { get; init; }
    public required int FirstSlot { get; init; }
    public required int LastSlot { get; init; }

    /// <summary>Raft index and term of the last entry in the content.</summary>
    public required ulong Index { get; init; }
    public required ulong Term { get; init; }

    /// <summary>The content is whole up to here: an index that was confirmed after the backup began. Above
    /// <see cref="Index"/> when the file of an earlier backup was kept, because nothing has changed since.</summary>
    public required ulong ConfirmedIndex { get; init; }

    /// <summary>16 hex digits.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Of the checkpoint, before compression.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Name inside the backup's directory.</summary>
    public required string File { get; init; }
    public required long FileBytes { get; init; }

    /// <summary>Of the file. 64 hex digits.</summary>
    public required string Sha256 { get; init; }

    public static BackedShard Of(BackupHead head, string file, long fileBytes, string sha256) => new()
    {
        Shard = head.Shard,
        FirstSlot = head.FirstSlot,
        LastSlot = head.LastSlot,
        Index = head.Index,
        Term = head.Term,
        ConfirmedIndex = head.ConfirmedIndex,
        ContentHash = head.ContentHash.ToString("x16"),
        TotalBytes = head.TotalBytes,
        File = file,
        FileBytes = fileBytes,
        Sha256 = sha256,
    };
}
