using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>Where Raft and Storage meet: a group's log as one stream of the node's append log. Position is index,
/// tag is term, kind is entry kind.</summary>
public sealed class RaftLogAdapter(AppendLog log, ulong group) : ILogReader
{
    private readonly List<LogRecord> _records = [];

    public LogIndex FirstIndex => new(log.FirstPosition(group));

    public LogIndex LastIndex => new(log.LastPosition(group));

    public bool TryGetTerm(LogIndex index, out Term term)
    {
        var found = log.TryGetTag(group, index.Value, out var tag);
        term = new Term(tag);
        return found;
    }

    public int Read(LogIndex from, LogIndex to, long bytesMax, List<LogEntry> into)
    {
        _records.Clear();
        var count = log.Read(group, from.Value, to.Value, bytesMax, _records);
        foreach (var record in _records)
        {
            into.Add(new LogEntry(
                new LogIndex(record.Position), new Term(record.Tag), (EntryKind)record.Kind, record.Payload));
        }
        _records.Clear();
        return count;
    }
}
