using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>Brings a received checkpoint, which is older than what this replica has applied, up to that from the
/// replica's own log, beside the store that it will take the place of. Used by one thread at a time.</summary>
public sealed class StoreCatchUp(ReplicaGroup group, AppendLog log, IKeyValueStore store, CheckpointState checkpoint)
{
    private const ulong NearEntries = 64;
    private const long ReadBytes = 1 << 20;
    private readonly IGroupMachine _machine = group.Machine.Beside(store, checkpoint.ClockMs);
    private readonly List<LogRecord> _records = [];

    public ulong Applied { get; private set; } = checkpoint.AppliedIndex;

    /// <summary>The highest leader's clock applied. Unix milliseconds.</summary>
    public long ClockMs => _machine.ClockMs;

    /// <summary>So few entries are missing that the loop can wait for them.</summary>
    public bool IsNear(ulong index) => index <= Applied + NearEntries;

    /// <summary>Applies everything up to an index, which this replica's log must hold.</summary>
    public void Advance(ulong index)
    {
        while (Applied < index)
        {
            _records.Clear();
            if (log.Read(group.Id, Applied + 1, index, ReadBytes, _records) == 0)
                throw new IOException($"the log of group {group.Id} no longer holds entry {Applied + 1}");
            foreach (var record in _records)
            {
                if (record.Kind == (byte)EntryKind.Command)
                    _machine.Apply(record.Position, record.Payload.Span, waiting: null);
                Applied = record.Position;
            }
        }
    }
}
