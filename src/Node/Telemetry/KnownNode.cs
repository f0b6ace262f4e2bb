namespace ShardStore.Node.Telemetry;

/// <summary>The latest sample of a node. <paramref name="SampledMs"/>: when it was taken, on this node's monotonic
/// clock. <paramref name="InConsensusFrames"/>: blocks of that node received on consensus traffic so far.</summary>
public sealed record KnownNode(NodeUtilization Utilization, long SampledMs, long InConsensusFrames)
{
    public long AgeMs(long nowMs) => Math.Max(0, nowMs - SampledMs);
}

/// <summary>The latest demand of a shard, as the node that led it said.</summary>
public sealed record KnownDemand(ShardDemand Demand, int Node, long SampledMs)
{
    public long AgeMs(long nowMs) => Math.Max(0, nowMs - SampledMs);
}
