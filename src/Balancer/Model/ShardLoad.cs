using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>One copy of a shard. A learner (not a voter) receives writes but does not count for the quorum.</summary>
public readonly record struct ShardReplica(NodeId Node, bool IsVoter);

/// <summary>What clients ask of a shard now, smoothed over the sampling window. Bytes count both directions.</summary>
public readonly record struct ShardDemand(double ReadsPerSecond, double WritesPerSecond, double BytesPerSecond)
{
    public double OpsPerSecond => ReadsPerSecond + WritesPerSecond;
}

/// <summary>What is known of one shard, as of the snapshot.</summary>
public sealed record ShardLoad
{
    public required ShardId Id { get; init; }
    public required ImmutableArray<ShardReplica> Replicas { get; init; }

    /// <summary>The leader's node, or <see cref="NodeId.None"/> while nobody leads.</summary>
    public required NodeId Leader { get; init; }

    public long SizeBytes { get; init; }
    public ShardDemand Demand { get; init; }

    /// <summary>Ops/s over so long a time that a forecast may be held against them; null: as <see cref="Demand"/> has
    /// them. The few seconds of that belong to the CPU of the same moment, and say little of the next hour.</summary>
    public double? LatelyOpsPerSecond { get; init; }

    /// <summary>CPU seconds a second that the leader could attribute to this shard; null where it could not.</summary>
    public double? AttributedCpuCores { get; init; }

    /// <summary>Demand to come, in ops/s (reads and writes together); null where no series exists yet.</summary>
    public QuantileForecast? Forecast { get; init; }
}
