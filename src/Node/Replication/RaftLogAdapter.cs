using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>Where Raft and Storage meet: a group's log as one stream of the node's append log. Position is index,
/// tag is term, kind is entry kind.</summary>
public sealed class RaftLogAdapter(AppendLog log, ulong group) : ILogReader
{
    private readonly List<LogRecord> _records = [];

    /// <summary>Up to there this replica needs no entry again; only others may, and they can get a checkpoint instead.
    /// </summary>
    public Func<LogIndex> Applied { get; set; } = () => default;

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
        var count = 0;
        try
        {
            count = log.Read(group, from.Value, to.Value, bytesMax, _records);
        }
        catch (StorageCorruptException) when (from <= Applied())
        {
            // The log keeps what it found and gives the segment up. Here the entry is as good as cut away already.
            _records.Clear();
        }
        foreach (var record in _records)
        {
            into.Add(new LogEntry(
                new LogIndex(record.Position), new Term(record.Tag), (EntryKind)record.Kind, record.Payload));
        }
        _records.Clear();
        return count;
    }
}
