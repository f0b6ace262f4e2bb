namespace ShardStore.Balancer;

/// <summary>When to start a move, and what clients would notice then.</summary>
internal readonly record struct MoveSchedule(long ExecuteAtMs, long? DeadlineMs, bool EndsInTime, ClientImpact Impact)
{
    public bool StartsBy(long nowMs) => ExecuteAtMs <= nowMs;
}
