using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>Group commit: while one batch is being synced, everything else that wants to be durable gathers in the
/// next. So one sync covers the pending work of all groups, and a busier node syncs bigger batches, not more
/// often. Owned by the loop.</summary>
public sealed class LogPump(ILogCommitter committer)
{
    private LogBatch _filling = new();
    private LogBatch _committing = new();
    private List<(ReplicaGroup Group, Ready Ready)> _fillingReadies = [];
    private List<(ReplicaGroup Group, Ready Ready)> _committingReadies = [];
    private List<Action> _fillingCallbacks = [];
    private List<Action> _committingCallbacks = [];
    private bool _busy;
    private long _busySinceMicros;

    /// <summary>Where groups write; taken away at the next <see cref="Submit"/>.</summary>
    public LogBatch Batch => _filling;

    public long CommittedBatches { get; private set; }

    /// <summary>How long the batch under way has taken; 0 when there is none. A disk that hangs shows here.</summary>
    public long BusyMicros(long nowMicros) => _busy ? nowMicros - _busySinceMicros : 0;

    /// <summary>Raised on the loop before the groups hear of it.</summary>
    public void Add(ReplicaGroup group, Ready ready) => _fillingReadies.Add((group, ready));

    /// <summary>Calls back on the loop once all that is in <see cref="Batch"/> now is durable.</summary>
    public void WhenDurable(Action callback) => _fillingCallbacks.Add(callback);

    /// <summary>Hands the gathered batch over unless one is still under way. Called at the end of each turn.</summary>
    public void Submit(Action<Action> postToLoop, long nowMicros)
    {
        if (_busy || (_filling.Count == 0 && _fillingReadies.Count == 0 && _fillingCallbacks.Count == 0))
            return;
        (_filling, _committing) = (_committing, _filling);
        (_fillingReadies, _committingReadies) = (_committingReadies, _fillingReadies);
        (_fillingCallbacks, _committingCallbacks) = (_committingCallbacks, _fillingCallbacks);
        _busy = true;
        _busySinceMicros = nowMicros;
        committer.Begin(_committing, () => postToLoop(OnCommitted));
    }

    private void OnCommitted()
    {
        _busy = false;
        CommittedBatches++;
        _committing.Clear();
        foreach (var (group, ready) in _committingReadies)
            group.OnPersisted(ready);
        _committingReadies.Clear();
        foreach (var callback in _committingCallbacks)
            callback();
        _committingCallbacks.Clear();
    }
}
