using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Founds the cluster where this node leads an empty meta group, and keeps this node's own record true.
/// </summary>
public sealed class NodeReporter(ReplicaHost host, MetaGroup meta, NodeRecord self, FoundCluster founding)
{
    private const long RetryMicros = 500_000;
    private bool _underWay;
    private long _nextTryMicros;

    public void Tick(long nowMicros)
    {
        if (_underWay || nowMicros < _nextTryMicros)
            return;
        if (meta.State.Cluster is null)
        {
            if (meta.IsLeader)
                Propose(founding);
        }
        else if (!IsRecorded() && !meta.State.Removed.ContainsKey(self.Number))
        {
            Propose(new ReportNode(self));
        }
    }

    private bool IsRecorded() =>
        meta.State.Nodes.TryGetValue(self.Number, out var recorded)
        && recorded with { Draining = false, EntryNonce = "" } == self;

    private void Propose(MetaCommand command)
    {
        _underWay = true;
        _nextTryMicros = host.NowMicros + RetryMicros;
        meta.Propose(command, _ => _underWay = false);
    }
}
