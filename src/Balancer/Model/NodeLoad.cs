using System.Collections.Immutable;

namespace ShardStore.Balancer;

public enum NodeState : byte
{
    Active = 1,
    /// <summary>Serves what it has, takes nothing new, and is being emptied.</summary>
    Draining = 2,
    /// <summary>Not heard of for longer than the failure time-out. Its replicas count as lost.</summary>
    Down = 3,
}

/// <summary>Use as a fraction of what the node has: 1.0 is all of it. CPU may exceed 1.0 where capacity is a
/// configured share of the machine.</summary>
public readonly record struct ResourceFractions(double Cpu, double Memory, double Disk, double Network);

/// <summary>Use in absolute units: cores, bytes, bytes, bytes a second.</summary>
public readonly record struct ResourceAmounts(
    double CpuCores, double MemoryBytes, double DiskBytes, double NetworkBytesPerSecond);

/// <summary>What one node reports, as of the snapshot.</summary>
public sealed record NodeLoad
{
    public required NodeId Id { get; init; }
    public required double CapacityCores { get; init; }
    public NodeState State { get; init; } = NodeState.Active;

    /// <summary>An operator wants it empty, whether it is up or down.</summary>
    public bool IsLeaving { get; init; }

    public string Zone { get; init; } = "";
    public ResourceFractions Utilization { get; init; }
    public ResourceAmounts Used { get; init; }

    /// <summary>Cores that no shard explains, where <see cref="LoadCalibration"/> knows them; may be negative where the
    /// shards' costs explain too much. The planner takes it while the node settles after a move; else, and where it is
    /// null, what this snapshot's own numbers leave.</summary>
    public double? BackgroundCores { get; init; }

    /// <summary>CPU fractions of the last samples, oldest first, each already smoothed by the sampler. A reactive
    /// decision asks that all of them agree. Give twice the policy's agreeing
    /// samples. Empty where the node has just joined.</summary>
    public ImmutableArray<double> RecentCpu { get; init; } = [];
}
