using System.Collections.Immutable;
using ShardStore.Node.Replication;
using ShardStore.Node.Routing;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>Publishes what connections route by: the replicated map, with the leaders that this node's own replicas
/// know of before the meta group has heard. A node that answers MOVED must show the same owner in CLUSTER SLOTS.
/// </summary>
public sealed class RoutingPublisher : IClusterView
{
    private readonly ReplicaHost _host;
    private readonly MetaGroup _meta;
    private Published _published = new(ShardMap.Empty, []);
    private bool _stale = true;

    public RoutingPublisher(ReplicaHost host, MetaGroup meta)
    {
        _host = host;
        _meta = meta;
        SelfNode = host.Options.Node;
        meta.Machine.Changed += _ => _stale = true;
        host.LeadershipChanged += _ => Publish();
        host.Requests.Map = () => Map;
    }

    public ShardMap Map => Volatile.Read(ref _published).Map;

    public int SelfNode { get; }

    public ImmutableArray<int> LedShards => Volatile.Read(ref _published).Led;

    /// <summary>At the end of a turn in which the meta group changed something.</summary>
    public void PublishIfStale()
    {
        if (_stale)
            Publish();
    }

    private void Publish()
    {
        _stale = false;
        var led = ImmutableArray.CreateBuilder<int>();
        var map = _meta.Machine.Map;
        var shards = map.Shards.ToBuilder();
        for (var i = 0; i < shards.Count; i++)
        {
            if (_host.Group((ulong)shards[i].Id)?.Raft is not { } raft)
                continue;
            if (raft.Role == RaftRole.Leader)
                led.Add(shards[i].Id);
            if (!raft.Leader.IsNone && raft.Term.Value >= shards[i].LeaderTerm)
            {
                shards[i] = shards[i] with
                {
                    LeaderNode = ReplicaHost.NodeOf(raft.Leader),
                    LeaderTerm = raft.Term.Value,
                };
            }
        }
        led.Sort();
        var merged = new ShardMap(map.Epoch, map.ClusterId, map.Nodes, shards.ToImmutable());
        Volatile.Write(ref _published, new Published(merged, led.ToImmutable()));
    }

    private sealed record Published(ShardMap Map, ImmutableArray<int> Led);
}
