using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Capacity;

/// <summary>How one cluster would do over the days asked for.</summary>
public sealed record CapacityCase
{
    /// <summary>Of the run; drained and lost ones count.</summary>
    public required int Nodes { get; init; }

    public required SimulationScore Score { get; init; }

    /// <summary>Those of the cluster by id, then added ones.</summary>
    public required IReadOnlyList<NodeScore> NodeScores { get; init; }

    /// <summary>What people call them, in the same order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Fraction of capacity that no node should pass.</summary>
    public required double Threshold { get; init; }

    public required BalancerMode Mode { get; init; }

    /// <summary>Unix milliseconds from which on all nodes together are above the threshold at times, so that no
    /// placement helps; null: never.</summary>
    public required long? FullMs { get; init; }

    /// <summary>So many more nodes would keep all of them together below it: the least that can do.</summary>
    public required int MissingNodes { get; init; }

    public required double Days { get; init; }

    public double BreachSecondsPerDay => Score.BreachSeconds / Days;
}

/// <summary>The answer: the cluster as it is, without any move and with its balancer, and the one that was asked
/// about.</summary>
public sealed record CapacityOutcome
{
    /// <summary>Unix milliseconds at which the days asked for begin.</summary>
    public required long StartMs { get; init; }

    /// <summary>Of the days asked for; in a replay that is faster than the clock, of a season. Unit: ms.</summary>
    public required double DayMs { get; init; }

    /// <summary>How much of the past is repeated: 7 days, or 1, or less where less is known.</summary>
    public required double RepeatedDays { get; init; }

    /// <summary>Of all demand, as a share of change a day.</summary>
    public required double GrowthPerDay { get; init; }

    public required CapacityCase Unmoved { get; init; }
    public required CapacityCase Now { get; init; }
    public required CapacityCase WhatIf { get; init; }
    public required CapacityChange Change { get; init; }

    /// <summary>Place of the drained node among <see cref="CapacityCase.NodeScores"/>; meaningless where none is.
    /// </summary>
    public required int DrainedIndex { get; init; }

    public string DrainedName => WhatIf.Names[DrainedIndex];

    /// <summary>Cores of each added node.</summary>
    public required double AddedCores { get; init; }
}
