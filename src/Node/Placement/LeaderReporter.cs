using System.Collections.Immutable;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Tells the meta group who leads, so that every node, also one without a replica, redirects clients right.
/// Reports gather for a tick: a node's restart is one command, not one a shard.</summary>
public sealed class LeaderReporter(ReplicaHost host, MetaGroup meta)
{
    private bool _underWay;

    public void Tick()
    {
        if (_underWay || meta.State.Cluster is null)
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
        _underWay = true;
        meta.Propose(new ReportLeaders(news.ToImmutable()), _ => _underWay = false);
    }
}
