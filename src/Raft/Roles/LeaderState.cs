namespace ShardStore.Raft;

/// <summary>What exists only while a replica leads; made new for every term, so nothing can leak between terms.
/// </summary>
internal sealed class LeaderState(RaftOptions options)
{
    public ProgressTable Members { get; } = new();

    public ReadIndexQueue Reads { get; } = new(options.MaxPendingReads);

    /// <summary>Index of this term's first entry: nothing of this term is committed before it is.</summary>
    public LogIndex TermStart { get; set; }

    /// <summary>A membership entry may stand up to here; the next one is refused until this is applied.</summary>
    public LogIndex PendingMembership { get; set; }

    public long UncommittedBytes { get; set; }

    public long HeartbeatDueAt { get; set; }

    /// <summary>Number of the newest read round; heartbeats carry it, and it is never reused in a term.</summary>
    public ulong Round { get; set; }

    public bool AppendsDue { get; set; }

    /// <summary>Target of a leadership transfer, or none.</summary>
    public ReplicaId TransferTo { get; set; }

    public long TransferDeadline { get; set; }

    /// <summary>Replicas told to campaign, and the round of it. Each may still win an election by force, whenever the
    /// message arrives, until it has answered a heartbeat of a later round: so long no lease is held.</summary>
    public List<(ReplicaId To, ulong Round)> TimeoutNows { get; } = [];

    public int IdleBeats { get; set; }

    public bool IsTransferring => !TransferTo.IsNone;
}
