using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Faults;

/// <summary>A directed fault: steps that follow what the cluster does, where chance alone would need thousands of runs.
/// It only cuts, slows and crashes, as any network and machine may; so a cluster without bugs survives it.</summary>
public abstract class Play(SimulatedCluster cluster)
{
    protected SimulatedCluster Cluster { get; } = cluster;

    protected SimulatedWorld World => Cluster.World;

    /// <summary>No more steps: all faults are over.</summary>
    public bool IsOver { get; set; }

    /// <summary>Something happened in a group of a node.</summary>
    public virtual void OnEvent(SimulatedNode node, ReplicaGroup group, RaftEvent raftEvent)
    {
        // Most plays only begin by themselves.
    }

    /// <summary>After a turn of a node.</summary>
    public virtual void OnTurn(SimulatedNode node)
    {
        // Few plays look that closely.
    }

    /// <summary>Nothing passes between two nodes for a while, in either direction.</summary>
    protected void Cut(int one, int other, long micros)
    {
        CutOneWay(one, other, micros);
        CutOneWay(other, one, micros);
    }

    protected void CutOneWay(int from, int to, long micros)
    {
        Cluster.Network.Block(from, to);
        World.Events.After(micros, () =>
        {
            if (!IsOver)
                Cluster.Network.Unblock(from, to);
        });
    }

    protected void CutFromAll(int node, long micros)
    {
        foreach (var other in Cluster.Nodes.Where(other => other.Number != node))
            Cut(node, other.Number, micros);
    }

    /// <summary>A group with three voters that are all alive, and the node that leads it; null when there is none. Any,
    /// or one whose leader's clock is slow.</summary>
    protected (SimulatedNode Node, ReplicaGroup Group)? PickLeader(bool slowest = false)
    {
        var led = Cluster.Alive
            .SelectMany(node => node.Core!.Host.Groups.Select(group => (node, group)))
            .Where(pair => pair.group.IsReadyLeader && pair.group.Raft.Configuration.Voters.Length == 3
                && OtherVoters(pair.group).All(other => Cluster.Node(other).IsAlive))
            .ToArray();
        if (slowest)
            return led.Length == 0 ? null : led.MinBy(pair => pair.node.Clock.Rate);
        return led.Length == 0 ? null : led[World.Random.Next(led.Length)];
    }

    /// <summary>The nodes of the other voters, in a random order.</summary>
    protected int[] OtherVoters(ReplicaGroup group)
    {
        var others = group.Raft.Configuration.Voters.Where(voter => voter != group.Raft.Self)
            .Select(ReplicaHost.NodeOf).ToArray();
        World.Random.Shuffle(others);
        return others;
    }
}
