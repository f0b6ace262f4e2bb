namespace ShardStore.Balancer;

/// <summary>What a forecaster must know of a series beyond its values.</summary>
/// <param name="StepSeconds">Time between two samples. Unit: seconds. Above 0.</param>
/// <param name="SeasonSteps">Samples in one season (a day at 300 s: 288). 0 or 1: no season is claimed.</param>
/// <param name="LastSampleTimeOfDaySeconds">When in its day the last sample was taken. Unit: seconds, UTC.</param>
public readonly record struct SeriesShape(double StepSeconds, int SeasonSteps, double LastSampleTimeOfDaySeconds)
{
    private const double DaySeconds = 86_400;

    /// <summary>Grid position of the last sample (<see cref="LoadHistory.LastStep"/>). It tells how many values came
    /// between a fit and a forecast, which the length of a full history cannot. Null: the history begins with the
    /// same value each time, so that its length tells.</summary>
    public long? LastStep { get; init; }

    public bool HasSeason => SeasonSteps > 1;

    /// <summary>A series with a daily season; none where a day is not at least two whole steps.</summary>
    public static SeriesShape Daily(double stepSeconds, double lastSampleTimeOfDaySeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSeconds);
        var steps = (int)Math.Min(Math.Round(DaySeconds / stepSeconds), int.MaxValue);
        return new SeriesShape(stepSeconds, steps > 1 ? steps : 0, lastSampleTimeOfDaySeconds);
    }

    public static SeriesShape WithoutSeason(double stepSeconds) => new(stepSeconds, 0, 0);
}
