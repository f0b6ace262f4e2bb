namespace ShardStore.Balancer;

/// <summary>Names one series for the forecaster's own bookkeeping; the caller chooses the numbers and keeps them
/// stable, for a series that changes its id starts again without a record.</summary>
public readonly record struct SeriesId(long Value);

/// <summary>One series as the forecaster sees it in a round. The history is read during the call, never kept;
/// its grid positions (<see cref="LoadHistory.LastStep"/>) tell what is new since the round before.</summary>
public readonly record struct SeriesView(SeriesId Id, LoadHistory History, SeriesShape Shape)
{
    /// <summary>What profiles say of this load; null: nothing. Then grid position n is the time from n to n + 1 steps
    /// after Unix time 0.</summary>
    public KnownUsage? Usage { get; init; }

    /// <summary>The shape, told where on its grid the history ends: fits are continued from there.</summary>
    internal SeriesShape PlacedShape => Shape with { LastStep = History.Count > 0 ? History.LastStep : null };
}
