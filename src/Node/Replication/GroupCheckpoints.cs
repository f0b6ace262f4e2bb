using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>Decides when a group's store is checkpointed and then cuts the log behind it. A tail is kept so that a
/// follower that was away for a moment needs no snapshot.</summary>
public sealed class GroupCheckpoints(ReplicaHost host, ReplicaGroup group, LogIndex recovered, Term recoveredTerm)
{
    /// <summary>A follower that has not answered for that long does not hold the log back.</summary>
    private const long SilenceMicrosMax = 10_000_000;

    /// <summary>On a nearly full disk a shard is checkpointed after so much already: that frees the log behind it.
    /// </summary>
    private const long LowSpaceBytes = 1L << 20;

    /// <summary>Log kept then behind a checkpoint.</summary>
    private const ulong LowSpaceTailEntries = 50;

    private LogIndex _checkpointed = recovered;
    private Term _appliedTerm = recoveredTerm;
    private long _bytesSince;
    private long _entriesSince;
    private readonly Queue<(ulong Index, long Bytes)> _marks = new();
    private readonly List<PeerProgress> _peers = [];
    private long _bytesTotal;
    private ulong _heldFloor;
    private ulong _givenUp;
    private bool _running;
    private bool _wanted;

    /// <summary>Newest durable checkpoint's index, 0 when there is none.</summary>
    public LogIndex Checkpointed => _checkpointed;

    public bool IsRunning => _running;

    /// <summary>Entries up to here are cut from the log, or are about to be: a checkpoint that is older is of no use to
    /// this replica.</summary>
    public ulong CutPosition { get; private set; } = host.Log.Base(group.Id).Position;

    public void OnApplied(in LogEntry entry)
    {
        _appliedTerm = entry.Term;
        _bytesSince += entry.Payload.Length;
        _bytesTotal += entry.Payload.Length;
        _entriesSince++;
    }

    public void OnSnapshotInstalled(LogIndex index, Term term)
    {
        _checkpointed = index;
        _appliedTerm = term;
        _bytesSince = 0;
        _entriesSince = 0;
        CutPosition = index.Value;
        OnStopped();
    }

    /// <summary>The store was replaced by one whose durable checkpoint is older than what is applied.</summary>
    public void OnStoreReplaced(LogIndex checkpoint)
    {
        _checkpointed = checkpoint;
        OnStopped();
        // Soon anew: until then a start replays more than usual.
        _wanted = true;
    }

    /// <summary>The group is gone; a checkpoint under way no longer counts against the others.</summary>
    public void OnStopped()
    {
        if (_running)
            host.CheckpointsRunning--;
        _running = false;
    }

    /// <summary>Asks for a checkpoint soon, whatever the policy says: a snapshot is wanted and there is none.</summary>
    public void Want() => _wanted = true;

    /// <summary>Entries up to there cannot be read any more: they are cut away behind a checkpoint, whoever may still
    /// need them. Said again for as long as they are there.</summary>
    public void GiveUpThrough(ulong position)
    {
        _givenUp = Math.Max(_givenUp, position);
        if (_checkpointed.Value >= position)
            Cut(position);
        else if (!_running)
            _wanted = true;
    }

    /// <summary>Called at each tick.</summary>
    public void Poll()
    {
        if (_running)
            PollRunning();
        if (!_running && (_wanted || IsDue) && host.MayCheckpoint && HasRoom && !group.IsBroken)
            Begin();
    }

    private bool IsDue =>
        _bytesSince >= (host.Space.IsLow ? Math.Min(LowSpaceBytes, host.Options.CheckpointBytes)
            : host.Options.CheckpointBytes)
        || _entriesSince >= host.Options.CheckpointEntries;

    // A checkpoint that runs out of space in the middle ends the store, and with it the node.
    private bool HasRoom => host.Space.HasRoomFor((2 * _bytesSince) + LowSpaceBytes);

    private void Begin()
    {
        var applied = group.Raft.AppliedIndex;
        if (applied <= _checkpointed)
        {
            _wanted = false;
            return;
        }
        var configuration = ConfigurationCodec.Encode(group.Raft.Configuration);
        var state = new CheckpointState(applied.Value, _appliedTerm.Value, configuration, group.Machine.ClockMs);
        if (!group.Machine.Store.TryBeginCheckpoint(state))
            return;
        _marks.Enqueue((applied.Value, _bytesTotal));
        _running = true;
        _wanted = false;
        _bytesSince = 0;
        _entriesSince = 0;
        host.CheckpointsRunning++;
    }

    private void OnDurable(CheckpointState done)
    {
        _running = false;
        host.CheckpointsRunning--;
        _checkpointed = new LogIndex(done.AppliedIndex);
        var keep = host.Space.IsLow ? LowSpaceTailEntries : host.Options.LogTailEntries;
        if (done.AppliedIndex > keep)
            Cut(CutFor(done.AppliedIndex - keep));
        if (_givenUp > 0 && _givenUp <= done.AppliedIndex)
            Cut(_givenUp);
    }

    private void PollRunning()
    {
        try
        {
            if (group.Machine.Store.PollCheckpoint() is { } done)
                OnDurable(done);
        }
        catch (StorageCorruptException damage)
        {
            // The checkpoint before stands; a new one comes with the copy that replaces the store.
            OnStopped();
            host.Damage.Report(group, damage);
        }
    }

    private void Cut(ulong position)
    {
        // A base that is on its way to the log already, as an installed checkpoint's, must not be moved back.
        if (position <= CutPosition || !host.Log.TryGetTag(group.Id, position, out var tag))
            return;
        host.Pump.Batch.SetBase(group.Id, position, tag);
        CutPosition = position;
    }

    /// <summary>Keeps what a follower that is alive still needs: else one that was sent a checkpoint, or is slow,
    /// would find the log gone behind it and need the next checkpoint, for ever. Bounded by bytes: to within the
    /// distance of two checkpoints.</summary>
    private ulong CutFor(ulong cut)
    {
        while (_marks.TryPeek(out var mark) && mark.Bytes < _bytesTotal - host.Options.LogHeldBytesMax)
            _heldFloor = _marks.Dequeue().Index;
        _peers.Clear();
        group.Raft.CopyProgress(_peers);
        foreach (var peer in _peers)
        {
            if (peer.Peer == group.Raft.Self || host.NowMicros - peer.LastReplyMicros > SilenceMicrosMax)
                continue;
            var held = host.Snapshots.IndexSentTo(group, peer.Peer) ?? peer.Match;
            cut = Math.Min(cut, Math.Max(held.Value, _heldFloor));
        }
        // A copy that is on its way to this replica is brought up to date from here on.
        return host.Snapshots.IndexComingTo(group) is { } coming ? Math.Min(cut, coming.Value) : cut;
    }
}
