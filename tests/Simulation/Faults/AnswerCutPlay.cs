using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Clients;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>A leader is cut off in the turn in which it answers a write: its followers hold the entry, and do not know
/// that it is committed. Their disks are slow, and whoever leads next is asked for the key at once.</summary>
public sealed class AnswerCutPlay(SimulatedCluster cluster, KeyProbe probe) : Play(cluster)
{
    private const long SlowMicros = 2_500_000;
    private const long WatchMicros = 4_000_000;
    private string _key = "";
    private ulong _group;
    private int _old;
    private long _untilMicros;

    public void Strike()
    {
        if (PickLeader() is { } picked)
            picked.Node.Answered = (shard, key) => OnAnswer(picked.Node, shard, key);
    }

    public override void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        if (IsOver || raftEvent.Name != "became-leader" || group.Id != _group || node.Number == _old
            || World.NowMicros > _untilMicros)
            return;
        World.Counters.Count("new leaders asked");
        probe.Read(_key, [new KeyProbe.Place(node.Number, FromReplica: false, OnlyUnderLease: true)]);
    }

    private void OnAnswer(SimulatedNode node, int shard, string key)
    {
        node.Answered = (_, _) => { };
        if (IsOver)
            return;
        World.Counters.Count("fault: leader cut off as it answers");
        World.Note($"node {node.Number} is cut off as it answers a write of {key}");
        (_key, _group, _old, _untilMicros) = (key, (ulong)shard, node.Number, World.NowMicros + WatchMicros);
        CutFromAll(node.Number, World.Between(500_000, 2_500_000));
        if (!World.Chance(0.7))
            return;
        foreach (var other in Cluster.Nodes.Where(other => other != node))
        {
            other.SlowDiskMicros = World.Between(40_000, 300_000);
            World.Events.After(SlowMicros, () => other.SlowDiskMicros = 0);
        }
    }
}
