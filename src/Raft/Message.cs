namespace ShardStore.Raft;

/// <summary>The values are on the wire: never renumber.</summary>
public enum MessageType : byte
{
    Append = 1,
    AppendReply = 2,
    Heartbeat = 3,
    HeartbeatReply = 4,
    PreVote = 5,
    PreVoteReply = 6,
    Vote = 7,
    VoteReply = 8,
    /// <summary>"Campaign now": the last step of a leadership transfer.</summary>
    TimeoutNow = 9,
    /// <summary>A follower or learner asks the leader for a read index.</summary>
    ReadIndex = 10,
    ReadIndexReply = 11,
}

/// <summary>One message between two replicas of a group. Which fields a type uses:
/// <code>
/// Append          Index,LogTerm = the entry before Entries; Commit; SentAt
/// AppendReply     Index = last matching index, or with Reject the refused Index and RejectHint,LogTerm; SentAt echoed
/// Heartbeat       Commit (never beyond what the follower is known to hold); Context = read round; SentAt
/// HeartbeatReply  Context, SentAt echoed
/// PreVote, Vote   Index,LogTerm = the candidate's last entry; Force = campaign of a leadership transfer
/// …VoteReply      Reject
/// ReadIndex       Context = the asker's id for the read
/// ReadIndexReply  Context echoed, Index = the read index; Reject = not served, ask again
/// </code></summary>
public readonly record struct Message
{
    public MessageType Type { get; init; }
    public ReplicaId From { get; init; }
    public ReplicaId To { get; init; }
    public Term Term { get; init; }
    public LogIndex Index { get; init; }
    public Term LogTerm { get; init; }
    public LogIndex Commit { get; init; }
    public LogIndex RejectHint { get; init; }
    public bool Reject { get; init; }
    public bool Force { get; init; }
    public ulong Context { get; init; }

    /// <summary>Sender's monotonic clock in microseconds, echoed by the reply; leases count from it.</summary>
    public long SentAt { get; init; }

    /// <summary>Never changed after the message is made; null means none.</summary>
    public LogEntry[]? Entries { get; init; }
}
