using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>A leader that hands over does not hear how it ends: either nothing reaches it any more, or its word to the
/// successor is on the way for longer than it waits.</summary>
public sealed class HandoverPlay(SimulatedCluster cluster) : Play(cluster)
{
    private const double Share = 0.4;
    private readonly bool _isDrawn = cluster.World.Chance(0.5);

    public override void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        if (IsOver || !_isDrawn || raftEvent.Name != "began-transfer" || !World.Chance(Share))
            return;
        var leader = node.Number;
        var successor = ReplicaHost.NodeOf(raftEvent.Peer);
        if (World.Chance(0.5))
            BeDeaf(leader);
        else
            BeLate(node, group, successor);
    }

    private void BeDeaf(int leader)
    {
        World.Counters.Count("fault: deaf in a handover");
        World.Note($"node {leader} hands over and hears nothing");
        var length = World.Between(100_000, 1_000_000);
        foreach (var other in Cluster.Nodes.Where(other => other.Number != leader))
            CutOneWay(other.Number, leader, length);
    }

    // The word arrives just after the leader gave up, and before the successor stands by itself, when it would not heed
    // it any more. One voter is still heard; whoever could ask for the same transfer again is not.
    private void BeLate(SimulatedNode leader, ReplicaGroup group, int successor)
    {
        World.Counters.Count("fault: late word in a handover");
        var patience = (long)(ClusterShape.ElectionMs * 1000L / leader.Clock.Rate);
        var late = patience + World.Random.Next(-10_000, 80_000);
        World.Note($"node {leader.Number} hands over to {successor}, which hears it {late / 1000} ms late");
        Cluster.Network.Clog(leader.Number, successor, late);
        World.Events.After(late + 100_000, () => Cluster.Network.Clog(leader.Number, successor, 0));
        var heard = OtherVoters(group).FirstOrDefault(other => other != successor);
        foreach (var other in Cluster.Nodes.Where(other => other != leader && other.Number != heard))
            CutOneWay(other.Number, leader.Number, late + 400_000);
    }
}
