namespace ShardStore.Raft;

/// <summary>What a replica knows when it starts: fresh, or recovered from its log and checkpoint.</summary>
public sealed record RaftStart
{
    public required ReplicaId Self { get; init; }
    public HardState HardState { get; init; }

    /// <summary>Last index inside the recovered checkpoint; 0 when fresh.</summary>
    public LogIndex Applied { get; init; }

    /// <summary>Membership as of <see cref="Applied"/>. Empty for a replica that waits to be added.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>True for the replica that should lead a group just created: it campaigns at once.</summary>
    public bool CampaignAtOnce { get; init; }

    /// <summary>The same number on all replicas of a group, different from group to group: after a leader's silence
    /// the voters then stand one after the other, each in its own part of the timeout, instead of at random, where two
    /// that stand together split the vote and the silence doubles. Null leaves it to chance.</summary>
    public ulong? ElectionTurn { get; init; }

    /// <summary>True when this replica existed before this process: it may have promised a lease that still runs, so
    /// it grants no vote for one election timeout.</summary>
    public bool Restarted { get; init; }
}
