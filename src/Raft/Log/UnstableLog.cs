namespace ShardStore.Raft;

/// <summary>The tail of the log that is not durable here yet. Its first entry always follows the last durable one.
/// </summary>
internal sealed class UnstableLog
{
    private readonly List<LogEntry> _entries = [];

    // How many of the entries a Ready has carried out. Invariant: 0 <= _handedOut <= _entries.Count.
    private int _handedOut;

    public int Count => _entries.Count;

    public bool HasNew => _handedOut < _entries.Count;

    public LogEntry Last => _entries[^1];

    public LogEntry this[int offset] => _entries[offset];

    public void Add(in LogEntry entry) => _entries.Add(entry);

    public void HandOut(List<LogEntry> into)
    {
        for (; _handedOut < _entries.Count; _handedOut++)
        {
            into.Add(_entries[_handedOut]);
        }
    }

    /// <summary>The first <paramref name="count"/> entries became durable.</summary>
    public void DropFirst(int count)
    {
        Invariant.Check(count <= _handedOut, "only entries that were handed out become durable");
        _entries.RemoveRange(0, count);
        _handedOut -= count;
    }

    /// <summary>A conflict: keeps only the first <paramref name="count"/> entries.</summary>
    public void Keep(int count)
    {
        _entries.RemoveRange(count, _entries.Count - count);
        _handedOut = Math.Min(_handedOut, count);
    }
}
