namespace ShardStore.Balancer.Forecasting;

/// <summary>Renews the fits that the candidates keep of each series, the stalest first and only so many in a round, so
/// that rounds stay short whatever comes at once.</summary>
internal static class FitRenewal
{
    /// <summary>Samples that one fit serves, an hour at 5 minutes.</summary>
    public const int EverySamples = 12;

    /// <summary>Fits of one candidate in one round. A thousand series that all get a sample a round need 84.</summary>
    public const int PerRoundMax = 96;

    public static void Run(
        IDemandForecaster forecaster, int member, IReadOnlyList<SeriesView> series, SeriesRecord[] records,
        ForecastPace pace)
    {
        var due = new List<(long Age, int Index)>();
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i].Seen is { } position && records[i].Answer is null
                && records[i].FitAge(member, position) is var age && age >= pace.FitEverySamples)
            {
                due.Add((age, i));
            }
        }

        due.Sort((a, b) => a.Age == b.Age ? a.Index.CompareTo(b.Index) : b.Age.CompareTo(a.Age));
        var fits = 0;
        foreach (var (_, index) in due)
        {
            if (fits == pace.FitsPerRound)
            {
                break;
            }

            // One that has nothing to estimate costs nothing and takes no place.
            var fit = forecaster.Fit(series[index].History.Values, series[index].PlacedShape);
            records[index].KeepFit(member, fit, series[index].History.LastStep);
            fits += fit is null ? 0 : 1;
        }
    }
}
