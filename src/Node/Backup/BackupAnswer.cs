using ShardStore.Storage;

namespace ShardStore.Node.Backup;

public enum BackupAnswerKind
{
    /// <summary>The checkpoint is open; whoever got the answer closes it.</summary>
    Opened,
    /// <summary>The content is what the caller has already.</summary>
    Unchanged,
    /// <summary>Another node leads the shard, or none.</summary>
    NotLed,
    /// <summary>It may be asked again.</summary>
    NotNow,
}

/// <summary>What a node has to offer to a backup of one of its shards.</summary>
public sealed record BackupAnswer(BackupAnswerKind Kind)
{
    /// <summary>Everything acknowledged before the question is at or below this index.</summary>
    public ulong ConfirmedIndex { get; init; }

    public ISnapshotSource? Source { get; init; }

    /// <summary>Who leads, as far as this node knows; 0 = nobody.</summary>
    public int LeaderNode { get; init; }

    public string Reason { get; init; } = "";
}
