namespace ShardStore.Balancer;

/// <summary>A move that might be proposed, by index in a <see cref="PlanState"/>.</summary>
internal readonly record struct MoveCandidate(int Shard, int From, int To, MoveKind Kind);
