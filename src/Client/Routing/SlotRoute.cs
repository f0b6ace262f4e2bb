namespace ShardStore.Client.Routing;

/// <summary>Who serves a slot. Shared by all slots of a range.</summary>
internal sealed class SlotRoute(NodeAddress master, ReplicaRoute[] weighted)
{
    private const int PercentSum = 100;

    // Coprime to 100: the steps visit each of 0..99 once per hundred reads, evenly mixed, so weights hold exactly
    // over any hundred reads and no random source is needed.
    private const uint Stride = 61;

    private uint _turn;

    internal NodeAddress Master { get; } = master;

    /// <summary>Replicas that should get some of the reads, with the percent of each.</summary>
    internal ReplicaRoute[] Weighted { get; } = weighted;

    /// <summary>The node for the next read.</summary>
    internal NodeAddress NextReader(out bool isReplica)
    {
        isReplica = false;
        if (Weighted.Length == 0)
            return Master;
        var point = (int)(Interlocked.Increment(ref _turn) * Stride % PercentSum);
        foreach (var replica in Weighted)
        {
            if (point < replica.ReadWeight)
            {
                isReplica = true;
                return replica.Address;
            }
            point -= replica.ReadWeight;
        }
        return Master;
    }
}
