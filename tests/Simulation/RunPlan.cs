using ShardStore.Simulation.World;

namespace ShardStore.Simulation;

/// <summary>What one run does.</summary>
public sealed record RunPlan(int Seed)
{
    public bool WithFaults { get; init; } = true;

    /// <summary>How long clients and faults go on. Unit: virtual microseconds.</summary>
    public long SafetyMicros { get; init; } = 10_000_000;

    /// <summary>The one death of a run without faults.</summary>
    public DiskCut? Cut { get; init; }

    /// <summary>Called for each disk operation of each node: node, number, what it was.</summary>
    public Action<int, int, string>? OnDiskOperation { get; init; }

    public TextWriter? Echo { get; init; }
}
