namespace ShardStore.Raft;

/// <summary>What must be on stable storage before any message that promises it leaves (Raft figure 2).
/// <paramref name="Commit"/> is a hint only: it may lag, and recovery uses it to apply sooner.</summary>
public readonly record struct HardState(Term Term, ReplicaId Vote, LogIndex Commit);
