using System.Text.Json;
using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>This node's replica of group 0, and the way any node proposes to it.</summary>
public sealed class MetaGroup(ReplicaHost host, ReplicaGroup group, MetaStateMachine machine, ControlPlane control)
{
    public ReplicaGroup Group => group;

    public MetaStateMachine Machine => machine;

    public MetaState State => machine.State;

    /// <summary>True when this node leads and has applied everything before its own term.</summary>
    public bool IsLeader => group.IsReadyLeader;

    public int LeaderNode => group.Raft.Leader.IsNone ? 0 : ReplicaHost.NodeOf(group.Raft.Leader);

    /// <summary>Proposes here or at the leader. <paramref name="done"/> is called on the loop, exactly once.</summary>
    public void Propose(MetaCommand command, Action<MetaResult> done)
    {
        if (IsLeader)
            ProposeHere(command, done);
        else if (LeaderNode == 0 || LeaderNode == host.Options.Node)
            done(MetaResult.Undecided("the meta group has no leader now; try again"));
        else
            ProposeThere(command, done);
    }

    private void ProposeHere(MetaCommand command, Action<MetaResult> done)
    {
        var envelope = new MetaEnvelope(host.Clock.WallMs, command);
        var payload = JsonSerializer.SerializeToUtf8Bytes(envelope, MetaJson.Default.MetaEnvelope);
        var result = group.Propose(payload, new MetaProposal(done), out _);
        if (result != ProposeResult.Ok)
            done(MetaResult.Undecided($"the meta group refused the proposal: {result}"));
    }

    private void ProposeThere(MetaCommand command, Action<MetaResult> done)
    {
        var request = new ControlRequest { Id = 0, Kind = ControlKind.ProposeMeta, Command = command };
        control.Ask(LeaderNode, request, reply => done(reply.Meta ?? MetaResult.Undecided(reply.Error)));
    }
}
