using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>Decides when a group's store is checkpointed and then cuts the log behind it. A tail is kept so that a
/// follower that was away for a moment needs no snapshot.</summary>
public sealed class GroupCheckpoints(ReplicaHost host, ReplicaGroup group, LogIndex recovered, Term recoveredTerm)
{
    private LogIndex _checkpointed = recovered;
    private Term _appliedTerm = recoveredTerm;
    private long _bytesSince;
    private long _entriesSince;
    private bool _running;
    private bool _wanted;

    /// <summary>Newest durable checkpoint's index, 0 when there is none.</summary>
    public LogIndex Checkpointed => _checkpointed;

    public bool IsRunning => _running;

    public void OnApplied(in LogEntry entry)
    {
        _appliedTerm = entry.Term;
        _bytesSince += entry.Payload.Length;
        _entriesSince++;
    }

    public void OnSnapshotInstalled(LogIndex index, Term term)
    {
        _checkpointed = index;
        _appliedTerm = term;
        _bytesSince = 0;
        _entriesSince = 0;
        if (_running)
            host.CheckpointsRunning--;
        _running = false;
    }

    /// <summary>Asks for a checkpoint soon, whatever the policy says: a snapshot is wanted and there is none.</summary>
    public void Want() => _wanted = true;

    /// <summary>Called at each tick.</summary>
    public void Poll()
    {
        if (_running && group.Machine.Store.PollCheckpoint() is { } done)
            OnDurable(done);
        if (!_running && (_wanted || IsDue) && host.MayCheckpoint)
            Begin();
    }

    private bool IsDue => _bytesSince >= host.Options.CheckpointBytes || _entriesSince >= host.Options.CheckpointEntries;

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
        var keep = host.Options.LogTailEntries;
        if (done.AppliedIndex <= keep)
            return;
        var cut = done.AppliedIndex - keep;
        if (cut >= host.Log.FirstPosition(group.Id) && host.Log.TryGetTag(group.Id, cut, out var tag))
            host.Pump.Batch.SetBase(group.Id, cut, tag);
    }
}
