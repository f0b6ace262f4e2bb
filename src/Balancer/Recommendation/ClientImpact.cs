namespace ShardStore.Balancer;

/// <summary>Client traffic of the shard in the window of the move, by the median forecast: ops in all, and their rate
/// relative to the shard's mean over the horizon (below 1 is a trough).</summary>
public readonly record struct ClientImpact(double Ops, double RelativeTraffic);
