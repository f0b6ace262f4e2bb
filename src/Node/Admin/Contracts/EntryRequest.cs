namespace ShardStore.Node.Admin.Contracts;

/// <summary>POST /api/v1/nodes: a new node asks to become a member. Answers an <see cref="EntryView"/>.</summary>
public sealed record EntryRequest
{
    public required string Name { get; init; }

    /// <summary>What clients are told to dial.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>What other nodes dial.</summary>
    public required string PeerHost { get; init; }

    public required int PeerPort { get; init; }
    public required int AdminPort { get; init; }
    public required string Zone { get; init; }
    public required double CapacityCores { get; init; }

    /// <summary>Drawn by the node for this entry; the same again is the same entry.</summary>
    public required string Nonce { get; init; }
}
