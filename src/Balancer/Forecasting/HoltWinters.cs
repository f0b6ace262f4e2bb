namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Additive Holt-Winters smoothing with the season that the series claims, with a damped trend where one helps. A fit
/// runs over the newest fourteen seasons; a forecast continues its state. Without a season it is
/// simple smoothing.
/// </summary>
public sealed class HoltWinters : PointForecaster
{
    public const string MethodName = "holt-winters";

    /// <summary>Seasons looked at: with the smallest weights of the search the older ones are all but
    /// forgotten.</summary>
    private const int SeasonsMax = 14;

    /// <summary>Values looked at however short the season.</summary>
    private const int WindowMin = 576;

    /// <summary>Two seasons make the start, so that the first origin is at their end.</summary>
    private const int SeasonsMin = 2;

    public override string Name => MethodName;

    private protected override string? Lack(int historyCount, SeriesShape shape, int steps)
    {
        if (!shape.HasSeason)
        {
            return TooShort(historyCount, ErrorSample.HistoryMin(SimpleSmoothing.Rule.OriginFirst, steps));
        }

        var needed = ((long)SeasonsMin * shape.SeasonSteps) - 1 + steps + ErrorSample.OriginsMin;
        return historyCount >= needed
            ? null
            : $"{historyCount} samples, {needed} are needed for a season of {shape.SeasonSteps}";
    }

    private protected override PointFit Estimate(ReadOnlySpan<double> history, SeriesShape shape)
    {
        if (!shape.HasSeason)
        {
            var band = ErrorSample.BandOf(history, default(SimpleSmoothing.Rule), SimpleSmoothing.Rule.OriginFirst);
            return new PointFit(MethodName, history.Length, band, NeverNegative(history));
        }

        var season = shape.SeasonSteps;
        var window = history[^(int)Math.Min(history.Length, Math.Max(WindowMin, (long)SeasonsMax * season))..];
        var state = SeasonalLevel.Start(SmoothingSearch.Best(window, season), window, season);
        var sample = new ErrorSample(window.Length, (SeasonsMin * season) - 1);
        Span<double> path = stackalloc double[sample.Steps];
        for (var origin = 0; origin < window.Length; origin++)
        {
            state.Observe(window[origin]);
            if (sample.Wants(origin))
            {
                state.Trace(path);
                sample.Add(window, origin, path);
            }
        }

        return new SeasonalFit(
            history.Length, sample.ToBand(), NeverNegative(history), state, FitAnchor.Of(history, shape));
    }

    private protected override bool Serves(PointFit fit, ReadOnlySpan<double> history, SeriesShape shape)
        => fit is SeasonalFit seasonal
            ? shape.SeasonSteps == seasonal.State.SeasonSteps && Newer(seasonal, history, shape) is not null
            : !shape.HasSeason;

    private protected override void Trace(
        ReadOnlySpan<double> history, SeriesShape shape, PointFit fit, Span<double> path)
    {
        if (fit is not SeasonalFit seasonal)
        {
            default(SimpleSmoothing.Rule).Trace(history, path);
            return;
        }

        var newer = Newer(seasonal, history, shape) ?? 0;
        if (newer == 0)
        {
            seasonal.State.Trace(path);
            return;
        }

        var state = seasonal.State.Copy();
        foreach (var value in history[^newer..])
        {
            state.Observe(value);
        }

        state.Trace(path);
    }

    /// <summary>More than a season later the weights are worth another look, and a new fit costs little more.
    /// </summary>
    private static int? Newer(SeasonalFit fit, ReadOnlySpan<double> history, SeriesShape shape)
        => fit.Anchor.NewerCount(history, shape, fit.State.SeasonSteps);

    private sealed record SeasonalFit(
        int HistoryCount, ErrorBand Band, bool NeverNegative, SeasonalLevel State, FitAnchor Anchor)
        : PointFit(MethodName, HistoryCount, Band, NeverNegative);
}
