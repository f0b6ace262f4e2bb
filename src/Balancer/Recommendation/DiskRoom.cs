namespace ShardStore.Balancer;

/// <summary>Which nodes have room for a shard's bytes, by what each reports of its disk and memory.</summary>
internal sealed class DiskRoom
{
    private readonly double[] _used;
    private readonly double[] _max;

    public DiskRoom(NodeLoad[] nodes, double fillMax)
    {
        _used = Array.ConvertAll(nodes, node => node.Used.DiskBytes);
        _max = Array.ConvertAll(nodes, node => Most(node, fillMax));
    }

    /// <param name="node">By index.</param>
    /// <param name="incomingBytes">On their way to it already.</param>
    /// <param name="shardBytes">Of the shard that would follow.</param>
    public bool Fits(int node, double incomingBytes, long shardBytes) =>
        _used[node] + incomingBytes + shardBytes <= _max[node];

    /// <summary>Bytes that the node may hold in the end; without limit where its disk is not known.</summary>
    private static double Most(NodeLoad node, double fillMax)
    {
        if (node.Utilization.Disk > fillMax || node.Utilization.Memory > fillMax)
            return double.NegativeInfinity;
        return node.Utilization.Disk <= 0 || node.Used.DiskBytes <= 0
            ? double.PositiveInfinity
            : fillMax * (node.Used.DiskBytes / node.Utilization.Disk);
    }
}
