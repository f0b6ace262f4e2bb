namespace ShardStore.Node.Admin.Contracts;

/// <summary>What a node that was let in must know to begin.</summary>
public sealed record EntryView
{
    public required string ClusterId { get; init; }

    /// <summary>The new node's number.</summary>
    public required int Number { get; init; }

    /// <summary>The members by then, itself included.</summary>
    public required IReadOnlyList<MemberAddress> Members { get; init; }
}

/// <summary>Where a member is dialled by other nodes.</summary>
public sealed record MemberAddress(int Number, string Name, string PeerHost, int PeerPort);
