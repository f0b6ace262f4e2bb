namespace ShardStore.Node.Replication;

/// <summary>How full the disk of the data directory is. Some of it is kept back: for the log's votes, terms and
/// compaction, for checkpoints, which free the log behind them, and for entries that are already on their way.
/// </summary>
public interface IDiskSpace
{
    /// <summary>Less is free than the reserve: new writes are refused, everything else goes on.</summary>
    bool IsLow { get; }

    /// <summary>Hardly anything of the reserve is left: entries wait for room before they reach the log.</summary>
    bool IsExhausted { get; }

    /// <summary>What a client is told whose write is refused.</summary>
    string Refusal { get; }

    /// <summary>True when that much can be written and the disk is not exhausted by it.</summary>
    bool HasRoomFor(long bytes);
}
