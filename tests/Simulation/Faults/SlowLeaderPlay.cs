using ShardStore.Simulation.Clients;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>A leader's disk is slow: its followers have applied what it has not. A key is written there and read at a
/// follower and at the leader in turn.</summary>
public sealed class SlowLeaderPlay(SimulatedCluster cluster, KeyProbe probe) : Play(cluster)
{
    private const long LengthMicros = 2_000_000;

    public void Strike()
    {
        if (IsOver || PickLeader() is not { } picked || probe.KeyOf(picked.Group.Id, picked.Node) is not { } key)
            return;
        var follower = OtherVoters(picked.Group)[0];
        World.Counters.Count("fault: slow disk of a leader");
        picked.Node.SlowDiskMicros = World.Between(30_000, 250_000);
        World.Note($"leader {picked.Node.Number} has a slow disk; {key} is read at node {follower} and there");
        World.Events.After(LengthMicros, () => picked.Node.SlowDiskMicros = 0);
        probe.WriteAndRead(
            key, picked.Node.Number,
            [
                new KeyProbe.Place(follower, FromReplica: true, OnlyUnderLease: false),
                new KeyProbe.Place(picked.Node.Number, FromReplica: false, OnlyUnderLease: true),
            ]);
    }
}
