namespace ShardStore.Raft;

/// <summary>The core found its own state, or a peer's, impossible. The replica must stop: it must not be fed, asked
/// or restarted over the same files, but rebuilt from its peers under a new replica id.</summary>
public sealed class RaftInvariantException(string rule) : Exception("raft invariant broken: " + rule);
