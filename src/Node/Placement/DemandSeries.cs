using ShardStore.Balancer;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>Turns the roll-ups of each shard into the regular series that forecasters take: ops/s at the forecast
/// step.</summary>
public sealed class DemandSeries(LoadKeeper loads, int seasonSteps)
{
    /// <summary>Two weeks of five-minute steps: what the longest seasonal method looks back.</summary>
    internal const int Capacity = 14 * 288;

    private const double DaySeconds = 86_400;
    private readonly SortedDictionary<int, LoadHistory> _histories = [];

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
        if (!_histories.TryGetValue(shard, out var history))
            _histories[shard] = history = new LoadHistory(Capacity);
        var step = loads.StepSeconds;
        var reads = loads.Series(new SeriesKey(SeriesKind.Shard, shard, LoadMetric.ReadsPerSecond), step);
        var writes = loads.Series(new SeriesKey(SeriesKind.Shard, shard, LoadMetric.WritesPerSecond), step);
        var firstStep = reads.StartUnixMs / (step * 1000L);
        var offset = (int)((writes.StartUnixMs / (step * 1000L)) - firstStep);
        for (var i = 0; i < reads.Values.Length; i++)
        {
            var write = i - offset >= 0 && i - offset < writes.Values.Length ? writes.Values[i - offset] : 0;
            history.TryAppend(firstStep + i, reads.Values[i] + write);
        }
        return history;
    }

    private SeriesShape ShapeOf(LoadHistory history)
    {
        // A replay may run faster than the clock: then a "day" is as many steps as it is told, not 24 hours.
        var place = history.LastStep % Math.Max(1, seasonSteps) / (double)Math.Max(1, seasonSteps);
        return new SeriesShape(loads.StepSeconds, seasonSteps, place * DaySeconds);
    }
}
