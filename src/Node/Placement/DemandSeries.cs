using ShardStore.Balancer;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>Turns the roll-ups of each shard into the regular series that forecasters take: ops/s at the forecast
/// step.</summary>
public sealed class DemandSeries(LoadKeeper loads, int seasonSteps)
{
    private const double DaySeconds = 86_400;
    private readonly SortedDictionary<int, Known> _histories = [];

    public IReadOnlyList<SeriesView> Read(IEnumerable<int> shards)
    {
        var views = new List<SeriesView>();
        foreach (var shard in shards)
        {
            var history = HistoryOf(shard);
            if (history.Count > 0)
                views.Add(new SeriesView(new SeriesId(shard), history, ShapeOf(history)));
        }
        return views;
    }

    /// <summary>Time since the end of a series' last step.</summary>
    public double AgeSeconds(SeriesView view, long unixMs) =>
        Math.Max(0, (unixMs / 1000.0) - ((view.History.LastStep + 1) * loads.StepSeconds));

    private LoadHistory HistoryOf(int shard)
    {
        var key = new MeasureKey(SeriesKind.Shard, shard, LoadMeasure.Ops);
        var pastChanges = loads.PastChanges(key);
        // A history only grows at its end; what was imported before that needs a new one.
        if (!_histories.TryGetValue(shard, out var known) || known.PastChanges != pastChanges)
            _histories[shard] = known = new Known(new LoadHistory(loads.StepsKept), pastChanges);
        var history = known.History;
        var step = loads.StepSeconds;
        var fresh = loads.Series(key, step, firstBucket: history.Count == 0 ? long.MinValue : history.LastStep + 1);
        for (var i = 0; i < fresh.Values.Length; i++)
            history.TryAppend((fresh.StartUnixMs / (step * 1000L)) + i, fresh.Values[i]);
        return history;
    }

    private SeriesShape ShapeOf(LoadHistory history)
    {
        // A replay may run faster than the clock: then a "day" is as many steps as it is told, not 24 hours.
        var place = history.LastStep % seasonSteps / (double)seasonSteps;
        return new SeriesShape(loads.StepSeconds, seasonSteps, place * DaySeconds);
    }

    private sealed record Known(LoadHistory History, int PastChanges);
}
