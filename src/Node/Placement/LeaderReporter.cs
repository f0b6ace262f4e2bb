using System.Collections.Immutable;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Tells the meta group who leads, so that every node, also one without a replica, redirects clients right.
/// Reports gather for a tick: a node's restart is one command, not one a shard.</summary>
public sealed class LeaderReporter(ReplicaHost host, MetaGroup meta)
{
    /// <summary>A report whose answer does not come is made again: it may have gone to a leader that died,
    /// and a node without a replica sends clients to the dead one until then.</summary>
    private const long RetryMicros = 250_000;
    private long _retryMicros;

    public void Tick(long nowMicros)
    {
        if (nowMicros < _retryMicros || meta.State.Cluster is null)
            return;
        var news = ImmutableArray.CreateBuilder<LeaderReport>();
        foreach (var group in host.Groups)
        {
            if (group.Id == ClusterFounding.MetaGroup || !group.IsReadyLeader)
                continue;
            var term = group.Raft.Term.Value;
            if (meta.State.Shards.TryGetValue((int)group.Id, out var shard) && shard.LeaderTerm < term)
                news.Add(new LeaderReport((int)group.Id, host.Options.Node, term));
        }
        if (news.Count == 0)
            return;
        _retryMicros = nowMicros + RetryMicros;
        meta.Propose(new ReportLeaders(news.ToImmutable()), _ => _retryMicros = 0);
    }
}
