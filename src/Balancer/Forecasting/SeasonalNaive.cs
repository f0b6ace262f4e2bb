namespace ShardStore.Balancer.Forecasting;

/// <summary>The same time one season ago, a day or a week: the baseline for loads that repeat. Without enough whole
/// seasons in the history it answers as <see cref="LastValue"/> does and says why.</summary>
public sealed class SeasonalNaive : PointForecaster
{
    public const string MethodName = "seasonal-naive";
    public const string WeekMethodName = "seasonal-naive-week";

    private const int DaysInWeek = 7;

    private readonly int _days;
    private readonly int _seasonsMin;

    /// <summary>One season back, as a series shape claims it: a day.</summary>
    public SeasonalNaive()
        : this(MethodName, days: 1, seasonsMin: 1)
    {
    }

    private SeasonalNaive(string name, int days, int seasonsMin)
    {
        Name = name;
        _days = days;
        _seasonsMin = seasonsMin;
    }

    /// <summary>Seven days back, once the history holds two weeks: one alone would be no evidence that weeks are
    /// alike.</summary>
    public static SeasonalNaive Week() => new(WeekMethodName, DaysInWeek, seasonsMin: 2);

    public override string Name { get; }

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
    {
        if (!shape.HasSeason)
        {
            return "the series has no season";
        }

        // Long: a season is up to the caller, and may be absurd.
        var season = (long)_days * shape.SeasonSteps;
        var needed = Math.Max(season - 1 + steps + ErrorSample.OriginsMin, _seasonsMin == 1 ? 0 : _seasonsMin * season);
        return historyCount >= needed
            ? null
            : $"{historyCount} samples, {needed} are needed for a season of {season}";
    }

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        var season = _days * shape.SeasonSteps;
        var band = ErrorSample.BandOf(history, new Rule(season), season - 1);
        return new PointFit(Name, history.Length, band, NeverNegative(history));
    }

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
        => new Rule(_days * shape.SeasonSteps).Trace(history, path);

    private readonly struct Rule(int season) : IPointRule
    {
        public void Trace(ReadOnlySpan<double> known, Span<double> path)
        {
            for (var step = 0; step < path.Length; step++)
            {
                path[step] = known[known.Length - season + (step % season)];
            }
        }
    }
}
