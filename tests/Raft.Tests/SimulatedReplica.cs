namespace ShardStore.Raft.Tests;

/// <summary>One replica with its disk, driven in the order that <see cref="Ready"/> asks for. What is written but not
/// synced is lost in a crash; several Readies may be waiting for their sync.</summary>
internal sealed class SimulatedReplica
{
    private readonly RaftOptions _options;
    private readonly Queue<Written> _unsynced = [];
    private HardState _hardState;
    private Checkpoint _checkpoint;

    public SimulatedReplica(RaftOptions options, ReplicaId self, Configuration configuration, ulong seed)
    {
        _options = options;
        Self = self;
        Seed = seed;
        _checkpoint = new Checkpoint(new SnapshotPoint(default, default, configuration), 0);
        Node = Start(0, restarted: false);
    }

    public ReplicaId Self { get; }

    public ulong Seed { get; set; }

    public MemoryLog Log { get; } = new();

    public RaftNode Node { get; private set; }

    public bool IsUp { get; private set; } = true;

    public ulong StateHash { get; private set; }

    public Checkpoint Durable => _checkpoint;

    public List<LogEntry> AppliedEntries { get; } = [];

    public List<ReadState> Reads { get; } = [];

    public List<RaftEvent> Events { get; } = [];

    public List<ReplicaId> SnapshotsWanted { get; } = [];

    public bool HasUnsynced => _unsynced.Count > 0;

    /// <summary>Takes one Ready: sends what may go, writes without sync, applies what is committed.</summary>
    public void TakeReady(Action<Message> send)
    {
        Ready ready = Node.TakeReady();
        ready.SendNow.ForEach(send);
        _unsynced.Enqueue(new Written(ready.Number, ready.HardState, ready.SnapshotBase,
            [.. ready.Entries], [.. ready.SendAfterPersist]));
        Reads.AddRange(ready.Reads);
        Events.AddRange(ready.Events);
        SnapshotsWanted.AddRange(ready.SnapshotsWanted);
        Apply([.. ready.Committed]);
        if (!ready.MustPersist && _unsynced.Count == 1)
        {
            Sync(send);
        }
    }

    /// <summary>Makes the oldest write durable and sends what waited for it.</summary>
    public void Sync(Action<Message> send)
    {
        if (!_unsynced.TryDequeue(out Written? written))
        {
            return;
        }

        if (written.Base is { } point)
        {
            Log.RestartAt(point.Index, point.Term);
        }

        written.Entries.ForEach(Log.Append);
        _hardState = written.HardState ?? _hardState;
        written.SendAfterPersist.ForEach(send);
        Node.Persisted(written.Number);
    }

    public void TakeCheckpoint() => _checkpoint = new Checkpoint(Node.AppliedPoint(), StateHash);

    /// <summary>Cuts the log behind the last checkpoint, keeping some entries for slow peers.</summary>
    public void Compact(ulong kept)
    {
        ulong end = _checkpoint.Point.Index.Value;
        var cut = new LogIndex(end > kept ? end - kept : 0);
        // Just installed, and the log does not begin there yet.
        if (Log.TryGetTerm(cut, out _))
        {
            Log.CompactTo(cut);
        }
    }

    public bool Install(Checkpoint checkpoint, long nowMicros)
    {
        if (!Node.InstallSnapshot(checkpoint.Point, nowMicros))
        {
            return false;
        }

        _checkpoint = checkpoint;
        StateHash = checkpoint.StateHash;
        AppliedEntries.Clear();
        return true;
    }

    public void Crash()
    {
        IsUp = false;
        _unsynced.Clear();
        Reads.Clear();
        SnapshotsWanted.Clear();
    }

    public void Restart(long nowMicros)
    {
        // An installed checkpoint is durable before the log that starts from it: finish that step.
        if (_checkpoint.Point.Index > Log.LastIndex || !Log.TryGetTerm(_checkpoint.Point.Index, out Term term)
            || term != _checkpoint.Point.Term)
        {
            Log.RestartAt(_checkpoint.Point.Index, _checkpoint.Point.Term);
        }

        AppliedEntries.Clear();
        StateHash = _checkpoint.StateHash;
        Node = Start(nowMicros, restarted: true);
        IsUp = true;
    }

    private void Apply(List<LogEntry> committed)
    {
        foreach (LogEntry entry in committed)
        {
            Assert.True(entry.Index <= Log.LastIndex, "only durable entries are handed out for apply");
            StateHash = entry.Kind == EntryKind.Command ? Checkpoint.Add(StateHash, entry) : StateHash;
            AppliedEntries.Add(entry);
        }

        if (committed.Count > 0)
        {
            Node.Applied(committed[^1].Index);
        }
    }

    private RaftNode Start(long nowMicros, bool restarted)
    {
        var start = new RaftStart
        {
            Self = Self,
            HardState = _hardState,
            Applied = _checkpoint.Point.Index,
            Configuration = _checkpoint.Point.Configuration,
            Restarted = restarted,
        };
        return new RaftNode(_options, start, Log, Seed, nowMicros);
    }

    private sealed record Written(
        ulong Number, HardState? HardState, SnapshotPoint? Base, List<LogEntry> Entries,
        List<Message> SendAfterPersist);
}
