using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>One follower is cut off from its leader and stands for election again and again; the other one, bound by
/// its promise, refuses. Then the leader loses that one too, and the next attempt is held back to come as promise and
/// lease end; or that follower's process is killed and back at once, without memory of what it heard, and the attempt
/// comes inside the lease.</summary>
public sealed class LeaseEdgePlay(SimulatedCluster cluster) : Play(cluster)
{
    private const long LengthMicros = 4_000_000;
    private const long EarlyMicros = 150_000;
    private const long AloneMicros = 1_500_000;
    private ulong _group;
    private int _leader;
    private int _loyal;
    private int _rival;
    private long _stoodMicros;
    private long _untilMicros;

    public void Strike()
    {
        if (World.NowMicros < _untilMicros || PickLeader(World.Chance(0.7)) is not { } picked)
            return;
        // What a slow clock takes for a short time is long for a fast one.
        var others = OtherVoters(picked.Group).OrderByDescending(other => Cluster.Node(other).Clock.Rate).ToArray();
        (_group, _leader, _loyal, _rival) = (picked.Group.Id, picked.Node.Number, others[0], others[1]);
        _stoodMicros = 0;
        _untilMicros = World.NowMicros + LengthMicros;
        World.Note($"node {_rival} loses leader {_leader} of group {_group}, which node {_loyal} still hears");
        Cut(_leader, _rival, LengthMicros);
    }

    public override void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        if (node.Number != _rival || group.Id != _group || raftEvent.Name != "became-pre-candidate"
            || World.NowMicros > _untilMicros)
            return;
        var period = World.NowMicros - _stoodMicros;
        var isFirst = _stoodMicros == 0;
        _stoodMicros = World.NowMicros;
        if (isFirst)
            return;
        _untilMicros = 0;
        // Its attempts come at even distances: the next one is as far away as the last.
        World.Events.After(Math.Max(0, period - EarlyMicros), () => Isolate(World.Chance(0.4)));
    }

    private void Isolate(bool restarts)
    {
        if (IsOver || Cluster.Node(_leader).Core?.Host.Group(_group) is not { Raft.Role: RaftRole.Leader })
            return;
        Cut(_leader, _loyal, AloneMicros);
        Cluster.Node(_rival).Pause(restarts ? World.Between(30_000, 300_000) : World.Random.Next(320_000, 430_000));
        if (!restarts)
        {
            World.Counters.Count("fault: leader alone as its lease ends");
            return;
        }
        World.Counters.Count("fault: restart inside a lease");
        Cluster.Node(_loyal).Crash(losesPower: World.Chance(0.5), "restarted inside a lease");
        World.Events.After(World.Between(500, 20_000), () =>
        {
            Cluster.Node(_loyal).Start();
            Cluster.Network.Connect(_loyal, _rival);
        });
    }
}
