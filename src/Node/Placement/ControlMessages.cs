using System.Collections.Immutable;

namespace ShardStore.Node.Placement;

public enum ControlKind : byte
{
    /// <summary>Put <see cref="ControlRequest.Command"/> into the meta group's log; for its leader.</summary>
    ProposeMeta = 1,
    /// <summary>How a shard's group stands; for its leader.</summary>
    ShardStatus = 2,
    /// <summary>Change the group's members by <see cref="ControlRequest.Add"/> … ; for its leader.</summary>
    ChangeMembers = 3,
    /// <summary>Hand leadership to <see cref="ControlRequest.Replica"/>; for the leader.</summary>
    TransferLeader = 4,
    /// <summary>Put a hash marker into the log and tell index and hash; for the leader.</summary>
    MarkHash = 5,
    /// <summary>The hash right after <see cref="ControlRequest.Index"/>; for any replica.</summary>
    HashAt = 6,
    /// <summary>Whether the node still holds a replica.</summary>
    HasReplica = 7,
    /// <summary>Send the replica a checkpoint at <see cref="ControlRequest.Index"/> or later: its store is damaged;
    /// for the leader.</summary>
    SendCheckpoint = 8,
}

/// <summary>What one node asks of another, rarely: JSON on the bulk channel.</summary>
public sealed record ControlRequest
{
    public required ulong Id { get; init; }
    public required ControlKind Kind { get; init; }
    public int Shard { get; init; }
    public ulong Replica { get; init; }
    public ulong Index { get; init; }
    public ulong AddLearner { get; init; }
    public ulong AddVoter { get; init; }
    public ulong Remove { get; init; }
    public MetaCommand? Command { get; init; }
}

public sealed record PeerStatus(ulong Replica, ulong Match, bool Replicating);

/// <summary>A group as its leader sees it.</summary>
public sealed record ShardStatus(
    ulong Leader, ulong Term, ulong Applied, ulong Last, ImmutableArray<ulong> Voters, ImmutableArray<ulong> Outgoing,
    ImmutableArray<ulong> Learners, ImmutableArray<PeerStatus> Peers, long SnapshotBytes, long SnapshotTotalBytes,
    long LiveBytes, long KeyCount);

public sealed record ControlReply
{
    public required ulong Id { get; init; }
    public required bool Ok { get; init; }
    public string Error { get; init; } = "";
    public MetaResult? Meta { get; init; }
    public ShardStatus? Status { get; init; }
    public ulong Index { get; init; }
    public ulong Hash { get; init; }
}
