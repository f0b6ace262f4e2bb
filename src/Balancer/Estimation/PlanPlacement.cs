using System.Runtime.InteropServices;

namespace ShardStore.Balancer;

/// <summary>Who holds and leads what, as the planner imagines it. Nodes and shards by index. Replicas of all shards lie
/// in one array: a million lists would take longer to make than to plan with.</summary>
internal sealed class PlanPlacement
{
    public const int NoNode = -1;

    // Those of a shard begin at its first place. A move never makes them more.
    private readonly (int Node, bool IsVoter)[] _replicas;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _leader;
    private readonly List<int>[] _shardsOf;

    /// <param name="shards">With replicas on known nodes only.</param>
    /// <param name="nodes">Where each node has its index.</param>
    /// <param name="nodeCount">How many they are.</param>
    public PlanPlacement(ShardLoad[] shards, NodeIndex nodes, int nodeCount)
    {
        (_first, _count, _leader) = (new int[shards.Length], new int[shards.Length], new int[shards.Length]);
        var all = 0;
        for (var shard = 0; shard < shards.Length; shard++)
        {
            (_first[shard], _count[shard]) = (all, shards[shard].Replicas.Length);
            all += _count[shard];
        }
        _replicas = new (int, bool)[all];
        var perNode = new int[nodeCount];
        for (var shard = 0; shard < shards.Length; shard++)
            Place(shard, shards[shard], nodes, perNode);
        _shardsOf = Array.ConvertAll(perNode, count => new List<int>(count));
        for (var shard = 0; shard < shards.Length; shard++)
        {
            foreach (var (node, _) in Replicas(shard))
                _shardsOf[node].Add(shard);
        }
    }

    public ReadOnlySpan<(int Node, bool IsVoter)> Replicas(int shard) =>
        _replicas.AsSpan(_first[shard], _count[shard]);

    /// <summary>Shards with a replica on the node. Order changes with moves; do not let it decide anything.</summary>
    public ReadOnlySpan<int> ShardsOf(int node) => CollectionsMarshal.AsSpan(_shardsOf[node]);

    /// <summary>Or <see cref="NoNode"/>.</summary>
    public int Leader(int shard) => _leader[shard];

    public bool Holds(int node, int shard)
    {
        foreach (var (holder, _) in Replicas(shard))
        {
            if (holder == node)
                return true;
        }
        return false;
    }

    public void Lead(int shard, int node) => _leader[shard] = node;

    /// <summary>Puts a voter on one node in place of the replica on another. False where that one has held the shard
    /// before, as a learner that is being seeded does.</summary>
    public bool MoveReplica(int shard, int from, int to)
    {
        var isNew = from == to || !Holds(to, shard);
        var replicas = _replicas.AsSpan(_first[shard], _count[shard]);
        var kept = 0;
        foreach (var replica in replicas)
        {
            if (replica.Node != from && replica.Node != to)
                replicas[kept++] = replica;
        }
        replicas[kept++] = (to, true);
        _count[shard] = kept;
        _shardsOf[from].Remove(shard);
        if (isNew)
            _shardsOf[to].Add(shard);
        return isNew;
    }

    private void Place(int shard, ShardLoad load, NodeIndex nodes, int[] perNode)
    {
        var place = _first[shard];
        foreach (var replica in load.Replicas)
        {
            nodes.TryFind(replica.Node, out var node);
            _replicas[place++] = (node, replica.IsVoter);
            perNode[node]++;
        }
        _leader[shard] = !load.Leader.IsNone && nodes.TryFind(load.Leader, out var leader) ? leader : NoNode;
    }
}
