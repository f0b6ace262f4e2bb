namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/nodes: one member.</summary>
public sealed record NodeView
{
    public required int Number { get; init; }
    public required string Name { get; init; }

    /// <summary>The 40-digit id that Redis Cluster clients see.</summary>
    public required string HexId { get; init; }

    public required string Host { get; init; }
    public required int Port { get; init; }
    public required int PeerPort { get; init; }
    public required int AdminPort { get; init; }
    public required string Zone { get; init; }
    public required double CapacityCores { get; init; }

    /// <summary>active, draining, removed; "down" when no sample came for too long.</summary>
    public required string State { get; init; }

    public required bool IsMetaLeader { get; init; }
    public required int ShardsLed { get; init; }
    public required int ReplicasHeld { get; init; }

    /// <summary>Null until the first sample of this node arrived.</summary>
    public UtilizationView? Utilization { get; init; }

    /// <summary>Utilization blocks of this node received inside consensus frames since the answering node started.
    /// 0 for itself.</summary>
    public required long InConsensusFrames { get; init; }
}
