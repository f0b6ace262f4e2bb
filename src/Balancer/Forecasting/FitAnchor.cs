namespace ShardStore.Balancer.Forecasting;

/// <summary>Where in a series a fit ends, for a forecaster that continues the fit's state with what came since.
/// </summary>
internal readonly record struct FitAnchor(int HistoryCount, long? LastStep, double LastValue)
{
    public static FitAnchor Of(ReadOnlySpan<double> history, SeriesShape shape)
        => new(history.Length, shape.LastStep, history[^1]);

    /// <summary>Values that came after the fit; null when that cannot be told, or more than <paramref name="most"/>.
    /// The value at that place is held against the one the fit ended with: a history whose length no longer grows
    /// and whose positions are unknown would else be taken for one without news.</summary>
    public int? NewerCount(ReadOnlySpan<double> history, SeriesShape shape, int most)
    {
        var newer = shape.LastStep - LastStep ?? history.Length - HistoryCount;
        return newer >= 0 && newer <= most && newer < history.Length
            && history[^((int)newer + 1)].Equals(LastValue)
            ? (int)newer
            : null;
    }
}
