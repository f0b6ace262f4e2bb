namespace ShardStore.Node.Telemetry;

/// <summary>
/// What this node knows of all nodes: the latest block of each and when it came, so that its age can be told. Any
/// thread. Times are the caller's monotonic milliseconds. Bounded by <see cref="NodesMax"/> and the shards of the map.
/// </summary>
public sealed class ClusterTelemetry
{
    /// <summary>Blocks name their node with 16 bits; a damaged number must not grow the table beyond a cluster.
    /// </summary>
    public const int NodesMax = 1024;

    /// <summary>Shards whose demand is remembered. A cluster has at most 16,384 shards, one a slot.</summary>
    public const int ShardsMax = 16384;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, KnownNode> _nodes = [];
    private readonly SortedDictionary<int, KnownDemand> _demands = [];

    /// <summary>Takes a block that came in a consensus frame. <paramref name="direct"/>: from the node itself; a
    /// relayed one counts only when it is newer than what is known. False when it was not news.</summary>
    public bool Accept(UtilizationBlock block, bool direct, long nowMs)
    {
        lock (_lock)
        {
            var number = block.Node.Node;
            var known = _nodes.GetValueOrDefault(number);
            if (known is null && _nodes.Count >= NodesMax)
                return false;
            if (known is not null && !IsNews(known, block, direct))
                return false;
            var sampledMs = nowMs - block.AgeMs;
            _nodes[number] = new KnownNode(block.Node, sampledMs, (known?.InConsensusFrames ?? 0) + 1);
            foreach (var demand in block.Demands)
                Remember(demand, number, sampledMs);
            return true;
        }
    }

    /// <summary>This node's own sample, which needs no frame.</summary>
    public void AcceptOwn(NodeUtilization own, ReadOnlySpan<ShardDemand> led, long nowMs)
    {
        lock (_lock)
        {
            var frames = _nodes.GetValueOrDefault(own.Node)?.InConsensusFrames ?? 0;
            _nodes[own.Node] = new KnownNode(own, nowMs, frames);
            foreach (var demand in led)
                Remember(demand, own.Node, nowMs);
        }
    }

    /// <summary>Sorted by node number.</summary>
    public IReadOnlyList<KnownNode> Nodes()
    {
        lock (_lock)
            return [.. _nodes.Values];
    }

    public KnownNode? Node(int number)
    {
        lock (_lock)
            return _nodes.GetValueOrDefault(number);
    }

    /// <summary>Sorted by shard id.</summary>
    public IReadOnlyList<KnownDemand> Demands()
    {
        lock (_lock)
            return [.. _demands.Values];
    }

    public KnownDemand? Demand(int shardId)
    {
        lock (_lock)
            return _demands.GetValueOrDefault(shardId);
    }

    /// <summary>What the meta leader relays: other nodes' blocks younger than <paramref name="ageMsMax"/>, without
    /// demands, which the leader alone needs.</summary>
    public IReadOnlyList<UtilizationBlock> ToRelay(int exceptNode, long nowMs, long ageMsMax)
    {
        lock (_lock)
        {
            var blocks = new List<UtilizationBlock>();
            foreach (var known in _nodes.Values)
            {
                var ageMs = known.AgeMs(nowMs);
                if (known.Utilization.Node != exceptNode && ageMs <= ageMsMax)
                    blocks.Add(new UtilizationBlock(known.Utilization, (uint)ageMs, []));
            }
            return blocks;
        }
    }

    /// <summary>A node that left for good.</summary>
    public void Forget(int node)
    {
        lock (_lock)
            _nodes.Remove(node);
    }

    private static bool IsNews(KnownNode known, UtilizationBlock block, bool direct) =>
        direct ? block.Node.Sequence != known.Utilization.Sequence : block.Node.Sequence > known.Utilization.Sequence;

    /// <summary>Leadership may just have changed: the younger sample wins.</summary>
    private void Remember(in ShardDemand demand, int node, long sampledMs)
    {
        var known = _demands.GetValueOrDefault(demand.ShardId);
        if (known is null ? _demands.Count < ShardsMax : known.SampledMs <= sampledMs)
            _demands[demand.ShardId] = new KnownDemand(demand, node, sampledMs);
    }
}
