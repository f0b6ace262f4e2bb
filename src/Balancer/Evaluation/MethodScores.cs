namespace ShardStore.Balancer.Evaluation;

/// <summary>How one method did on a set. Errors and pinball losses are in units of each series' scale, and means over
/// series; counts are summed over series first.</summary>
public sealed record MethodScores
{
    public required string Method { get; init; }

    /// <summary>Mean error over steps 1 to H divided by that of the naive method, geometric mean over series, by
    /// H - 1.</summary>
    public required IReadOnlyList<double> RelativeErrorsTo { get; init; }

    /// <summary>The same for one step alone, by step - 1.</summary>
    public required IReadOnlyList<double> RelativeErrorsAt { get; init; }

    /// <summary>Mean error over the alarm steps.</summary>
    public required double Error { get; init; }

    /// <summary>Mean pinball loss of the 0.9 quantile over the alarm steps.</summary>
    public required double Pinball { get; init; }

    /// <summary>Share of the values of the alarm steps at or below the 0.9 quantile.</summary>
    public required double Covered { get; init; }

    /// <summary>The same for every level.</summary>
    public required IReadOnlyList<double> LevelsCovered { get; init; }

    /// <summary>F1 of the point forecast's alarms at quiet origins; null when there was neither alarm nor
    /// overload.</summary>
    public required double? PointF1Quiet { get; init; }

    /// <summary>The same for the 0.9 quantile.</summary>
    public required double? HighF1Quiet { get; init; }

    /// <summary>Mean steps from the first alarm of the 0.9 quantile to the onset, 0 for a missed one; null without
    /// onsets.</summary>
    public required double? HighLead { get; init; }

    /// <summary>Share of the onsets with such an alarm; null without onsets.</summary>
    public required double? HighRecall { get; init; }

    /// <summary>Share of the hot shards that the forecast names; null for series that are no shards.</summary>
    public required double? HotHit { get; init; }
}
