namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/shards: one shard. Nodes are given by name.</summary>
public sealed record ShardView
{
    public required int Id { get; init; }
    public required int FirstSlot { get; init; }
    public required int LastSlot { get; init; }

    /// <summary>Null during an election.</summary>
    public string? Leader { get; init; }

    public required long LeaderTerm { get; init; }
    public required IReadOnlyList<ReplicaView> Replicas { get; init; }

    /// <summary>Null until the leader reported.</summary>
    public DemandView? Demand { get; init; }

    /// <summary>The migration that moves this shard now, if any.</summary>
    public long? MigrationId { get; init; }
}

/// <summary>One copy of a shard. <paramref name="ReadWeight"/>: percent of reads that clients should send here.
/// </summary>
public sealed record ReplicaView(string Node, long ReplicaId, bool IsVoter, int ReadWeight);
