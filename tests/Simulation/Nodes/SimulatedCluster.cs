using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>All nodes of a run and the network between them.</summary>
public sealed class SimulatedCluster
{
    private readonly SimulatedNode[] _nodes;

    public SimulatedCluster(SimulatedWorld world, ClusterShape shape)
    {
        World = world;
        Shape = shape;
        Network = new SimulatedNetwork(world, shape.Nodes);
        _nodes = [.. Enumerable.Range(1, shape.Nodes).Select(n => new SimulatedNode(world, Network, shape, n))];
        Network.IsAlive = number => Node(number).IsAlive;
        foreach (var node in _nodes)
            node.InboxOf = number => Node(number).Inbox;
    }

    public SimulatedWorld World { get; }
    public ClusterShape Shape { get; }
    public SimulatedNetwork Network { get; }

    /// <summary>Wall clocks are off by up to a minute, in either direction, now and then. Else they show true time.
    /// </summary>
    public bool WallClocksJump { get; set; }

    /// <summary>Share of requests whose client is cut off before the answer, while the node goes on.</summary>
    public double ReplyLoss { get; set; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public SimulatedNode Node(int number) => _nodes[number - 1];

    public int RandomNode() => World.Random.Next(1, Shape.Nodes + 1);

    public IEnumerable<SimulatedNode> Alive => _nodes.Where(node => node.IsAlive);
}
