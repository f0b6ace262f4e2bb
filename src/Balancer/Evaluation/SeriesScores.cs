namespace ShardStore.Balancer.Evaluation;

/// <summary>How one method did on one series. Steps and levels are those of every forecast.</summary>
public sealed record SeriesScores
{
    /// <summary>File, and column where the file is wide.</summary>
    public required string Series { get; init; }

    public required string Method { get; init; }

    /// <summary>Test origins it was scored at.</summary>
    public required int Origins { get; init; }

    /// <summary>Mean absolute error at each step. Unit: the series' scale.</summary>
    public required IReadOnlyList<double> Errors { get; init; }

    /// <summary>Symmetric percentage error at each step, 0 to 200.</summary>
    public required IReadOnlyList<double> SymmetricErrors { get; init; }

    /// <summary>Mean pinball loss of the 0.9 quantile at each step. Unit: the series' scale.</summary>
    public required IReadOnlyList<double> Pinballs { get; init; }

    /// <summary>Share of values at or below the 0.9 quantile at each step.</summary>
    public required IReadOnlyList<double> Covered { get; init; }

    /// <summary>Share of the values of the alarm steps at or below each level's quantile.</summary>
    public required IReadOnlyList<double> LevelsCovered { get; init; }

    /// <summary>The scale divided by the mean change from season to season.</summary>
    public required double SeasonFactor { get; init; }

    /// <summary>Alarms of the point forecast.</summary>
    public required AlarmScores Point { get; init; }

    /// <summary>Alarms of the 0.9 quantile.</summary>
    public required AlarmScores High { get; init; }

    public required int Onsets { get; init; }

    /// <summary>Steps × levels of the forecast that is kept to be drawn.</summary>
    public required IReadOnlyList<double> Sample { get; init; }

    /// <summary>Mean of a score over steps 1 to <paramref name="horizon"/>.</summary>
    public static double MeanTo(IReadOnlyList<double> byStep, int horizon) => byStep.Take(horizon).Sum() / horizon;
}
