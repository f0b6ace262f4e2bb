namespace ShardStore.Raft;

/// <summary>How a leader feeds one peer.</summary>
public enum ProgressState : byte
{
    /// <summary>One message at a time, until a matching index is found.</summary>
    Probe = 1,
    /// <summary>Streaming, bounded by the in-flight window.</summary>
    Replicate = 2,
    /// <summary>The peer needs a checkpoint; no entries until it has one.</summary>
    Snapshot = 3,
}

/// <summary>One peer as its leader sees it, for status pages and for who waits until a learner has caught up.</summary>
public readonly record struct PeerProgress(
    ReplicaId Peer, LogIndex Match, LogIndex Next, ProgressState State, long LastReplyMicros);
