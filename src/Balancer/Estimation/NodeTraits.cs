namespace ShardStore.Balancer;

/// <summary>What is asked of every target of every shard, side by side: a search that is turned away by thousands of
/// nodes reads three arrays instead of as many objects.</summary>
internal sealed class NodeTraits
{
    private readonly NodeState[] _states;
    private readonly int[] _zones;

    public NodeTraits(NodeLoad[] nodes)
    {
        _states = Array.ConvertAll(nodes, node => node.State);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        _zones = Array.ConvertAll(nodes, node =>
        {
            known.TryAdd(node.Zone, known.Count);
            return known[node.Zone];
        });
    }

    public NodeState State(int node) => _states[node];

    /// <summary>A number for the node's zone: equal where the names are.</summary>
    public int Zone(int node) => _zones[node];
}
