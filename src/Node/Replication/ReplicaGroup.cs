using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>One replica of one group on this node: takes the core's Ready, in one place and one order, through
/// sending, persisting and applying. Owned by the host's loop; never awaits.</summary>
public sealed class ReplicaGroup
{
    private readonly ReplicaHost _host;
    private readonly RaftLogAdapter _log;
    private HardState _hardState;
    private int _readiesInLog;

    public ReplicaGroup(
        ReplicaHost host, ReplicaIdentity identity, IGroupMachine machine, RaftStart start, Term appliedTerm)
    {
        _host = host;
        Identity = identity;
        Machine = machine;
        _hardState = start.HardState;
        _log = new RaftLogAdapter(host.Log, identity.Group);
        Raft = new RaftNode(host.Options.Raft, start, _log, host.NextSeed(), host.NowMicros);
        _log.Applied = () => Raft.AppliedIndex;
        Checkpoints = new GroupCheckpoints(host, this, start.Applied, appliedTerm);
    }

    public ReplicaIdentity Identity { get; private set; }

    public ulong Id => Identity.Group;

    public IGroupMachine Machine { get; }

    public RaftNode Raft { get; }

    public GroupCheckpoints Checkpoints { get; }

    public ProposalTracker Proposals { get; } = new();

    /// <summary>Set while the group is being taken away: nothing more is sent or applied.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Index of the first entry of the own term while leader: reads by lease wait for it.</summary>
    public LogIndex TermStart { get; private set; }

    /// <summary>True when a leader may answer from its store: it has applied an entry of its own term.</summary>
    public bool IsReadyLeader => Raft.Role == RaftRole.Leader && Raft.AppliedIndex >= TermStart && !IsBroken;

    /// <summary>An entry could not be applied, since the store is damaged where it had to be read: what the store holds
    /// is the state of no index any more. Entries pass it by; the copy that takes its place gets them from the log. Not
    /// checkpointed, not read from, and no leader for longer than it takes to hand over.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Entry payloads applied, for checkpoints and telemetry.</summary>
    public long AppliedBytes { get; private set; }

    /// <summary>Called for each answer to <c>Raft.ReadIndex</c>.</summary>
    public Action<ReadState>? OnReadState { get; set; }

    private (RaftRole Role, ReplicaId Leader, Term Term) _lastSeen;

    /// <summary>Proposes an entry; <paramref name="proposal"/> hears of its fate, unless the result is not Ok.
    /// </summary>
    public ProposeResult Propose(ReadOnlyMemory<byte> payload, IProposal proposal, out LogIndex index)
    {
        var result = Raft.Propose(payload, out index);
        if (result == ProposeResult.Ok)
        {
            Proposals.Add(index, Raft.Term, proposal, _host.NowMicros);
            _host.MarkDirty(this);
        }
        return result;
    }

    /// <summary>Works off all that the core has ready. True when there was something.</summary>
    public bool ProcessReady()
    {
        if (Stopped || !Raft.HasReady)
            return false;
        var ready = Raft.TakeReady();
        foreach (var message in ready.SendNow)
            _host.Send(this, message);
        foreach (var follower in ready.SnapshotsWanted)
            _host.Snapshots.StartSending(this, follower);
        foreach (var raftEvent in ready.Events)
            _host.OnRaftEvent(this, raftEvent);
        Persist(ready);
        NoticeLeadership();
        foreach (var read in ready.Reads)
            OnReadState?.Invoke(read);
        ApplyCommitted(ready.Committed);
        return true;
    }

    /// <summary>The log holds what <paramref name="ready"/> promised: its acknowledgements may leave.</summary>
    public void OnPersisted(Ready ready)
    {
        _readiesInLog--;
        if (Stopped)
            return;
        foreach (var message in ready.SendAfterPersist)
            _host.Send(this, message);
        Raft.Persisted(ready.Number);
        _host.MarkDirty(this);
    }

    /// <summary>Puts a received checkpoint, already open and durable, in the place of the old store. False when it is
    /// of no use here; then the store stays the caller's.</summary>
    public bool InstallSnapshot(SnapshotPoint point, IKeyValueStore store, uint generation, long clockMs)
    {
        if (Stopped || !Raft.InstallSnapshot(point, _host.NowMicros))
            return false;
        // What waits for an entry below the checkpoint may be in it, done: nobody here can tell.
        Proposals.AbandonUpTo(point.Index);
        Checkpoints.OnSnapshotInstalled(point.Index, point.Term);
        SwapStore(store, generation, clockMs);
        _host.Damage.OnReplaced(this, hasEqualContent: null);
        Raft.Applied(point.Index);
        _host.MarkDirty(this);
        return true;
    }

    /// <summary>Puts a copy of the store, which holds exactly what is applied here, in the place of a damaged one. To
    /// the core nothing changes. Its durable checkpoint is at <paramref name="checkpoint"/>, from where the log holds
    /// all that follows.</summary>
    public void ReplaceStore(IKeyValueStore store, uint generation, long clockMs, LogIndex checkpoint)
    {
        Checkpoints.OnStoreReplaced(checkpoint);
        bool? isEqual = IsBroken ? null : Machine.Store.ContentHash == store.ContentHash;
        SwapStore(store, generation, clockMs);
        _host.Damage.OnReplaced(this, isEqual);
    }

    /// <summary>Writes the state that the log has of this replica once more.</summary>
    public void RewriteState() => WriteState(_hardState);

    /// <summary>Leaves the host: waiting callers are told. The store stays open: closing it waits for a checkpoint that
    /// is being written, so its owner does that where it harms nobody.</summary>
    public void Stop()
    {
        Stopped = true;
        Proposals.AbandonAll();
        Checkpoints.OnStopped();
    }

    private void SwapStore(IKeyValueStore store, uint generation, long clockMs)
    {
        var old = Machine.Store;
        var oldDirectory = Identity.Directory;
        Identity = Identity with { Generation = generation };
        Machine.OnStoreReplaced(store, clockMs);
        IsBroken = false;
        WriteState(_hardState);
        // Only when the log names the new directory is the old one of no more use.
        _host.Pump.WhenDurable(() => _host.Discard(this, old, oldDirectory));
    }

    private void Persist(Ready ready)
    {
        if (!ready.MustPersist && _readiesInLog == 0)
        {
            foreach (var message in ready.SendAfterPersist)
                _host.Send(this, message);
            Raft.Persisted(ready.Number);
            return;
        }
        var batch = _host.Pump.Batch;
        if (ready.SnapshotBase is { } point)
            batch.SetBase(Id, point.Index.Value, point.Term.Value);
        foreach (var entry in ready.Entries)
            batch.Append(Id, entry.Index.Value, entry.Term.Value, (byte)entry.Kind, entry.Payload);
        if (ready.HardState is { } hardState)
            WriteState(hardState);
        _readiesInLog++;
        _host.Pump.Add(this, ready);
    }

    private void WriteState(HardState hardState)
    {
        _hardState = hardState;
        _host.Pump.Batch.SetState(Id, Identity.ToState(hardState).Encode());
    }

    private void ApplyCommitted(List<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            var waiting = Proposals.Take(entry.Index, entry.Term);
            if (entry.Kind == EntryKind.Command)
            {
                Apply(entry, waiting);
                AppliedBytes += entry.Payload.Length;
            }
            Raft.Applied(entry.Index);
            Checkpoints.OnApplied(entry);
        }
    }

    private void Apply(in LogEntry entry, IProposal? waiting)
    {
        if (IsBroken)
        {
            waiting?.OnAbandoned();
            return;
        }
        try
        {
            Machine.Apply(entry.Index.Value, entry.Payload.Span, waiting);
        }
        catch (StorageCorruptException damage) when (Raft.Configuration.Voters.Length > 1)
        {
            IsBroken = true;
            waiting?.OnAbandoned();
            _host.Damage.Report(this, damage);
        }
    }

    private void NoticeLeadership()
    {
        var seen = (Raft.Role, Raft.Leader, Raft.Term);
        if (seen == _lastSeen)
            return;
        if (Raft.Role == RaftRole.Leader && (_lastSeen.Role != RaftRole.Leader || _lastSeen.Term != Raft.Term))
            TermStart = Raft.LastIndex;
        _lastSeen = seen;
        _host.OnLeadershipChanged(this);
    }
}
