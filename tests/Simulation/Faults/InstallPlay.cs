using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>A node dies just after it took over a checkpoint, while its disk is slow: its log does not name the new
/// store yet, or the old one is not deleted yet.</summary>
public sealed class InstallPlay(SimulatedCluster cluster) : Play(cluster)
{
    private const double Share = 0.15;
    private readonly bool _isDrawn = cluster.World.Chance(0.5);

    public override void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        if (IsOver || raftEvent.Name != "restored-checkpoint")
            return;
        // Where the log was cut, the old store is all that there is of its front: rare, and the worst to lose.
        var isCut = node.Core!.Host.Log.Base(group.Id).Position > 0;
        if (!isCut && !(_isDrawn && World.Chance(Share)))
            return;
        World.Counters.Count("fault: crash in an installation over a cut log", isCut ? 1 : 0);
        World.Counters.Count("fault: crash in an installation");
        node.SlowDiskMicros = World.Between(20_000, 400_000);
        World.Events.After(World.Between(1_000, 150_000), () =>
        {
            if (IsOver)
                return;
            node.SlowDiskMicros = 0;
            node.Crash(losesPower: World.Chance(0.5), "after it took a checkpoint");
            World.Events.After(World.Between(20_000, 2_000_000), node.Start);
        });
    }
}
