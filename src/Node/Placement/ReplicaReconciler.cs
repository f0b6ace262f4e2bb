using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>Makes this node's replicas what the shard map says: creates missing ones, deletes retired ones. Acts only
/// on a state that is at least as new as what this node had seen before it restarted: an old state, on its way
/// through replay, would bring retired replicas back, without memory of their votes.</summary>
public sealed class ReplicaReconciler
{
    private readonly ReplicaHost _host;
    private readonly MetaGroup _meta;
    private readonly ReplicaFactory _replicas;
    private readonly LogIndex _recoveredLast;
    private readonly Term _recoveredTerm;
    // Shards whose last replica here is still in the log, because its end is not durable yet.
    private readonly HashSet<int> _leaving = [];
    private bool _current;
    private bool _pending = true;

    public ReplicaReconciler(ReplicaHost host, MetaGroup meta, ReplicaFactory replicas)
    {
        _host = host;
        _meta = meta;
        _replicas = replicas;
        _recoveredLast = meta.Group.Raft.LastIndex;
        host.Log.TryGetTag(meta.Group.Id, _recoveredLast.Value, out var tag);
        _recoveredTerm = new Term(tag);
        meta.Machine.Changed += _ => _pending = true;
    }

    /// <summary>Called at each tick: cheap when nothing changed.</summary>
    public void Tick()
    {
        if (!_pending || !IsCurrent())
            return;
        _pending = false;
        foreach (var shard in _meta.State.Shards.Values)
            Reconcile(shard);
    }

    private bool IsCurrent()
    {
        if (_current)
            return true;
        var raft = _meta.Group.Raft;
        var appliedTerm = _host.Log.TryGetTag(_meta.Group.Id, raft.AppliedIndex.Value, out var tag) ? tag : 0;
        // Either all that was in the log before is applied, or a later leader's entry is, and with it all that was
        // ever committed before.
        _current = raft.AppliedIndex >= _recoveredLast || appliedTerm > _recoveredTerm.Value;
        return _current;
    }

    private void Reconcile(ShardRecord shard)
    {
        var wanted = shard.Replicas.FirstOrDefault(replica => replica.Node == _host.Options.Node);
        var group = _host.Group((ulong)shard.Id);
        if (group is not null && group.Identity.Replica.Value != wanted?.ReplicaId)
        {
            Remove(shard.Id, group);
            group = null;
        }
        if (group is null && wanted is not null && !_leaving.Contains(shard.Id))
            _replicas.Create(shard, new ReplicaId(wanted.ReplicaId));
    }

    // The next replica of the shard has the same stream in the log, and would find the entries of this one in it.
    private void Remove(int shard, ReplicaGroup group)
    {
        _leaving.Add(shard);
        _host.Remove(group);
        _host.Pump.WhenDurable(() =>
        {
            _leaving.Remove(shard);
            _pending = true;
        });
    }
}
