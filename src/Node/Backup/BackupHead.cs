namespace ShardStore.Node.Backup;

/// <summary>What a shard's backup begins with: whose content it is, and as of when.</summary>
internal sealed record BackupHead
{
    public required string ClusterId { get; init; }
    public required int Shard { get; init; }
    public required int FirstSlot { get; init; }
    public required int LastSlot { get; init; }

    /// <summary>Raft index up to which entries are in the content, and the term of that entry.</summary>
    public required ulong Index { get; init; }
    public required ulong Term { get; init; }

    /// <summary>At that index a leader had acknowledged everything that was ever acknowledged before the backup of this
    /// shard began. Never above <see cref="Index"/>.</summary>
    public required ulong ConfirmedIndex { get; init; }

    public required ulong ContentHash { get; init; }
    public required int ChunkCount { get; init; }

    /// <summary>Bytes of the chunks before compression.</summary>
    public required long TotalBytes { get; init; }
}
