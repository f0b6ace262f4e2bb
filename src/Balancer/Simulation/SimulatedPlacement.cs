using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>Where shards lie and which nodes are there. Nodes and shards by index from 0; their ids are one more.
/// </summary>
internal sealed class SimulatedPlacement
{
    public const int NoNode = -1;

    private readonly ImmutableArray<ShardReplica>[] _replicas;
    private readonly int[] _leader;
    private readonly NodeState[] _states;
    private readonly bool[] _isLeaving;
    private readonly int[] _held;

    public SimulatedPlacement(ClusterDesign design)
    {
        _replicas = Array.ConvertAll(
            design.Placement, nodes => ImmutableArray.Create(Array.ConvertAll(nodes, Replica)));
        _leader = Array.ConvertAll(design.Placement, nodes => nodes[0]);
        _states = new NodeState[design.Nodes];
        Array.Fill(_states, NodeState.Active);
        _isLeaving = new bool[design.Nodes];
        _held = new int[design.Nodes];
        foreach (var node in design.Placement.SelectMany(nodes => nodes))
        {
            _held[node]++;
        }
    }

    public bool AnyLeaving { get; private set; }

    public ImmutableArray<ShardReplica> Replicas(int shard) => _replicas[shard];

    /// <summary>Or <see cref="NoNode"/> while no replica is up.</summary>
    public int Leader(int shard) => _leader[shard];

    public NodeState State(int node) => _states[node];

    public bool IsLeaving(int node) => _isLeaving[node];

    public bool IsUp(int node) => _states[node] != NodeState.Down;

    /// <summary>Whether the node costs anything: one that was drained and is empty does not.</summary>
    public bool IsInService(int node) => IsUp(node) && !(_isLeaving[node] && _held[node] == 0);

    public void Apply(ClusterEvent happened)
    {
        var node = happened.Node;
        switch (happened.Kind)
        {
            case ClusterEventKind.Fail:
                _states[node] = NodeState.Down;
                break;
            case ClusterEventKind.Return:
                _states[node] = _isLeaving[node] ? NodeState.Draining : NodeState.Active;
                break;
            default:
                _isLeaving[node] = true;
                AnyLeaving = true;
                _states[node] = IsUp(node) ? NodeState.Draining : NodeState.Down;
                break;
        }

        for (var shard = 0; shard < _leader.Length; shard++)
        {
            if (_leader[shard] == NoNode || !IsUp(_leader[shard]))
            {
                _leader[shard] = Elected(shard);
            }
        }
    }

    /// <summary>Carries out a move that has come to its end. False, and no change, where a node that it needs is gone
    /// or the placement has overtaken it.</summary>
    public bool TryApply(MoveInFlight move)
    {
        var (shard, from, to) = (move.Shard.Value - 1, move.From.Value - 1, move.To.Value - 1);
        if (!IsUp(to) || !Holds(shard, from) || _leader[shard] == NoNode)
        {
            return false;
        }

        if (move.Kind == MoveKind.ReplicaMove)
        {
            if (Holds(shard, to))
            {
                return false;
            }

            _replicas[shard] = _replicas[shard].Replace(Replica(from), Replica(to));
            _held[from]--;
            _held[to]++;
        }
        else if (_leader[shard] != from || !Holds(shard, to))
        {
            return false;
        }

        if (_leader[shard] == from)
        {
            _leader[shard] = to;
        }

        return true;
    }

    private int Elected(int shard)
    {
        foreach (var replica in _replicas[shard])
        {
            if (IsUp(replica.Node.Value - 1))
            {
                return replica.Node.Value - 1;
            }
        }

        return NoNode;
    }

    private bool Holds(int shard, int node) => _replicas[shard].Contains(Replica(node));

    private static ShardReplica Replica(int node) => new(new NodeId(node + 1), IsVoter: true);
}
