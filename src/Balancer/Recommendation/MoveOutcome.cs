namespace ShardStore.Balancer;

/// <summary>Whether a move was worth it.</summary>
public enum MoveHelp : byte
{
    /// <summary>The time that it was made for is not over.</summary>
    CannotTellYet = 1,
    /// <summary>It took away a fair part of an overload that would have been.</summary>
    Yes = 2,
    /// <summary>There was an overload, and it is still there, or it has moved to the target.</summary>
    No = 3,
    /// <summary>There would have been no overload.</summary>
    NotNeeded = 4,
    /// <summary>Too little was measured.</summary>
    CannotTell = 5,
    /// <summary>An operator's order (a drain), which is not judged by load.</summary>
    Ordered = 6,
}

/// <summary>What came of a move, beside what would have come without it; by <see cref="OutcomeRule"/>. Loads are CPU
/// fractions of the node's capacity. Figures are 0 where nothing was measured.</summary>
public sealed record MoveOutcome(MoveHelp Help)
{
    /// <summary>The time that was judged. Unix milliseconds.</summary>
    public long FromMs { get; init; }
    public long ToMs { get; init; }

    /// <summary>Part of that time for which everything needed was measured, 0–1.</summary>
    public double MeasuredShare { get; init; }

    /// <summary>Highest load of a step, as it was measured and as it would have been.</summary>
    public double SourcePeak { get; init; }
    public double SourcePeakWithout { get; init; }
    public double TargetPeak { get; init; }
    public double TargetPeakWithout { get; init; }

    /// <summary>Seconds of the source above its threshold, as measured and as they would have been.</summary>
    public double SourceSecondsOver { get; init; }
    public double SourceSecondsOverWithout { get; init; }

    /// <summary>Seconds in which the target was above its threshold and would not have been.</summary>
    public double TargetSecondsOverAdded { get; init; }

    /// <summary>Load above the threshold that the source would have had, and how much less both nodes had of it. Unit:
    /// CPU fraction × seconds.</summary>
    public double ExcessWithout { get; init; }
    public double ExcessAvoided { get; init; }
}
