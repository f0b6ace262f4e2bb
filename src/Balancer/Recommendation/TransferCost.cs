namespace ShardStore.Balancer;

/// <summary>What the move costs on the wire. <paramref name="Seconds"/> is infinite where the shard is written faster
/// than the link can follow.</summary>
public readonly record struct TransferCost(double WireBytes, double BytesPerSecond, double Seconds, bool IsMeasured);
