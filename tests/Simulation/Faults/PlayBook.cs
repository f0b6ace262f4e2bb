using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Clients;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>All directed faults of a run.</summary>
public sealed class PlayBook
{
    private readonly Play[] _all;

    public PlayBook(SimulatedCluster cluster, KeyProbe probe)
    {
        LeaseEdge = new LeaseEdgePlay(cluster);
        OldTerm = new OldTermPlay(cluster);
        AnswerCut = new AnswerCutPlay(cluster, probe);
        SlowLeader = new SlowLeaderPlay(cluster, probe);
        _all = [LeaseEdge, OldTerm, AnswerCut, SlowLeader, new HandoverPlay(cluster), new InstallPlay(cluster)];
    }

    public LeaseEdgePlay LeaseEdge { get; }
    public OldTermPlay OldTerm { get; }
    public AnswerCutPlay AnswerCut { get; }
    public SlowLeaderPlay SlowLeader { get; }

    public void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        foreach (var play in _all)
            play.OnEvent(node, group, raftEvent);
    }

    public void OnTurn(SimulatedNode node)
    {
        foreach (var play in _all)
            play.OnTurn(node);
    }

    public void End()
    {
        foreach (var play in _all)
            play.IsOver = true;
    }
}
