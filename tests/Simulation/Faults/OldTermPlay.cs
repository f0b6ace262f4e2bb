using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Faults;

/// <summary>Figure 8 of the Raft paper. A leader is cut off with an entry nobody else has; its successor is cut off
/// with an entry of its own term that nobody else has; the first one leads again, its old entry reaches a second
/// replica, and it is cut off once more; the successor comes back and puts its entry in that place.</summary>
public sealed class OldTermPlay(SimulatedCluster cluster) : Play(cluster)
{
    private const long LengthMicros = 6_000_000;
    private readonly List<(int One, int Other)> _cuts = [];
    private Step _step;
    private ulong _group;
    private int _first;
    private int _successor;
    private int _third;
    private LogIndex _oldEntry;
    private int _number;

    private enum Step { None, FirstCutOff, SuccessorCutOff, FirstLeadsAgain }

    public void Strike()
    {
        // Markers are for shards; the meta group's machine does not know them.
        if (_step != Step.None || PickLeader() is not { } picked || picked.Group.Id == ClusterFounding.MetaGroup)
            return;
        (_group, _first, _step) = (picked.Group.Id, picked.Node.Number, Step.FirstCutOff);
        foreach (var other in OtherVoters(picked.Group))
            Disconnect(_first, other);
        // A marker is an entry as any other, and no client waits for it.
        picked.Node.OnLoop(core => core.Host.Group(_group)?.Propose(
            new byte[] { ShardReplica.HashMarker }, new HashProposal(_ => { }), out _));
        World.Counters.Count("fault: figure 8 begun");
        var number = ++_number;
        World.Events.After(LengthMicros, () => End(number));
    }

    public override void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        if (_step == Step.None || group.Id != _group || raftEvent.Name != "became-leader" || IsOver)
            return;
        if (_step == Step.FirstCutOff && node.Number != _first)
            CutOffSuccessor(node, group);
        else if (_step == Step.SuccessorCutOff && node.Number == _first)
            _step = Step.FirstLeadsAgain;
        else
            End(_number);
    }

    public override void OnTurn(SimulatedNode node)
    {
        if (_step != Step.FirstLeadsAgain || node.Number != _first || IsOver)
            return;
        var raft = node.Core!.Host.Group(_group)?.Raft;
        var third = raft?.Configuration.Voters.FirstOrDefault(voter => ReplicaHost.NodeOf(voter) == _third);
        if (raft is null || third is not { } peer || !raft.TryGetProgress(peer, out var progress)
            || progress.Match < _oldEntry)
            return;
        // What it sends in this very turn, its own term's entry, does not arrive any more.
        World.Counters.Count("fault: figure 8 played");
        _step = Step.None;
        Disconnect(_first, _third);
        Connect(_successor, _third);
    }

    private void CutOffSuccessor(SimulatedNode node, ReplicaGroup group)
    {
        var first = Cluster.Node(_first).Core?.Host.Group(_group);
        var others = OtherVoters(group);
        if (first is null || !others.Contains(_first))
        {
            End(_number);
            return;
        }
        _successor = node.Number;
        _third = others.First(other => other != _first);
        _oldEntry = first.Raft.LastIndex;
        _step = Step.SuccessorCutOff;
        Disconnect(_successor, _third);
        Connect(_first, _third);
    }

    private void Disconnect(int one, int other)
    {
        _cuts.Add((one, other));
        Cluster.Network.Block(one, other);
        Cluster.Network.Block(other, one);
    }

    private void Connect(int one, int other)
    {
        if (!_cuts.Remove((one, other)) && !_cuts.Remove((other, one)))
            return;
        Cluster.Network.Unblock(one, other);
        Cluster.Network.Unblock(other, one);
        Cluster.Network.Connect(one, other);
    }

    private void End(int number)
    {
        if (IsOver || number != _number)
            return;
        _step = Step.None;
        foreach (var (one, other) in _cuts.ToArray())
            Connect(one, other);
    }
}
