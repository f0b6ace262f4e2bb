namespace ShardStore.Raft.Tests;

/// <summary>The durable log of one simulated replica: what is in here survives a crash.</summary>
internal sealed class MemoryLog : ILogReader
{
    private readonly List<LogEntry> _entries = [];

    public LogIndex FirstIndex => Base.Index.Next;

    public LogIndex LastIndex => new(Base.Index.Value + (ulong)_entries.Count);

    /// <summary>Where the log starts: the end of what was compacted.</summary>
    public (LogIndex Index, Term Term) Base { get; private set; }

    public IReadOnlyList<LogEntry> Entries => _entries;

    public bool TryGetTerm(LogIndex index, out Term term)
    {
        term = default;
        if (index < Base.Index || index > LastIndex)
        {
            return false;
        }

        term = index == Base.Index ? Base.Term : _entries[Offset(index)].Term;
        return true;
    }

    public int Read(LogIndex from, LogIndex to, long bytesMax, List<LogEntry> into)
    {
        int count = 0;
        for (LogIndex at = from; from >= FirstIndex && at <= to && at <= LastIndex; at = at.Next)
        {
            LogEntry entry = _entries[Offset(at)];
            bytesMax -= entry.Payload.Length;
            if (bytesMax < 0 && count > 0)
            {
                break;
            }

            into.Add(entry);
            count++;
        }

        return count;
    }

    /// <summary>As a real log does: an entry at a position drops everything from there on.</summary>
    public void Append(LogEntry entry)
    {
        Assert.True(entry.Index >= FirstIndex && entry.Index <= LastIndex.Next, $"gap before {entry.Index}");
        _entries.RemoveRange(Offset(entry.Index), _entries.Count - Offset(entry.Index));
        _entries.Add(entry);
    }

    public void CompactTo(LogIndex index)
    {
        if (index > Base.Index)
        {
            Assert.True(TryGetTerm(index, out Term term), $"compact to {index}");
            _entries.RemoveRange(0, (int)(index.Value - Base.Index.Value));
            Base = (index, term);
        }
    }

    public void RestartAt(LogIndex index, Term term)
    {
        _entries.Clear();
        Base = (index, term);
    }

    private int Offset(LogIndex index) => (int)(index.Value - FirstIndex.Value);
}
