using ShardStore.Raft;

namespace ShardStore.Micro;

/// <summary>The newest entries of a log, in memory.</summary>
internal sealed class RingLog : ILogReader
{
    private const int Size = 4096;
    private readonly LogEntry[] _entries = new LogEntry[Size];
    private ulong _first = 1;
    private ulong _last;

    public LogIndex FirstIndex => new(_first);

    public LogIndex LastIndex => new(_last);

    public bool TryGetTerm(LogIndex index, out Term term)
    {
        var isKnown = index.Value + 1 >= _first && index.Value <= _last;
        term = isKnown && index.Value > 0 ? _entries[index.Value % Size].Term : default;
        return isKnown;
    }

    public int Read(LogIndex from, LogIndex to, long bytesMax, List<LogEntry> into)
    {
        var count = 0;
        for (var at = from.Value; at >= _first && at <= Math.Min(to.Value, _last); at++)
        {
            var entry = _entries[at % Size];
            bytesMax -= entry.Payload.Length;
            if (bytesMax < 0 && count > 0)
                break;
            into.Add(entry);
            count++;
        }
        return count;
    }

    public void Append(LogEntry entry)
    {
        _last = entry.Index.Value;
        _entries[_last % Size] = entry;
    }

    public void CutBefore(ulong first) => _first = Math.Max(_first, first);
}
