namespace ShardStore.Balancer;

public enum MoveKind : byte
{
    /// <summary>Leadership passes to another voter; no bytes move.</summary>
    LeaderTransfer = 1,
    /// <summary>A replica is rebuilt on a node that holds none, then the old one is retired. If the old one leads,
    /// leadership goes along to the new one.</summary>
    ReplicaMove = 2,
}

/// <summary>A move that the cluster has begun. The planner counts it as done.</summary>
public sealed record MoveInFlight(ShardId Shard, NodeId From, NodeId To, MoveKind Kind, long StartedMs);

/// <summary>A move that has ended, well or not. Kept by the caller for at least the longest cool-down.</summary>
public sealed record FinishedMove(ShardId Shard, NodeId From, NodeId To, MoveKind Kind, long EndedMs)
{
    public bool Succeeded { get; init; } = true;
}

/// <summary>A move that was proposed before and has not begun.</summary>
public readonly record struct KeptProposal(ShardId Shard, NodeId From, NodeId To, MoveKind Kind, bool IsApproved);

/// <summary>What was measured on the connection from one node to another. 0 bytes/s means "not measured yet".</summary>
public readonly record struct LinkMeasurement(NodeId From, NodeId To, double RoundTripMicros, double BytesPerSecond);
