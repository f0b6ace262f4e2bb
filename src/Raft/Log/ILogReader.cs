namespace ShardStore.Raft;

/// <summary>The four questions the core asks about the durable part of its log.</summary>
public interface ILogReader
{
    /// <summary>First index still held; entries before it live only in a checkpoint.</summary>
    LogIndex FirstIndex { get; }

    /// <summary>Last durable index, or <c>FirstIndex - 1</c> when no entry is held.</summary>
    LogIndex LastIndex { get; }

    /// <summary>Term of an index in <c>FirstIndex - 1 .. LastIndex</c>; false outside of it.</summary>
    bool TryGetTerm(LogIndex index, out Term term);

    /// <summary>Adds entries <paramref name="from"/> .. <paramref name="to"/> (both included) to
    /// <paramref name="into"/>, stopping after <paramref name="bytesMax"/> payload bytes but never before the
    /// first. Returns how many were added; 0 when <paramref name="from"/> is compacted away.</summary>
    int Read(LogIndex from, LogIndex to, long bytesMax, List<LogEntry> into);
}
