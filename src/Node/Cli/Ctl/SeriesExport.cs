using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Reads one measure of all shards, a request a shard: answers stay small however many there are.</summary>
internal sealed class SeriesExport(AdminClient client, LoadMeasure measure)
{
    /// <summary>The controller closes a step within a second or two of its end; one that ended just now may be there
    /// for some shards and not for others.</summary>
    private const long SettledMs = 5_000;

    /// <param name="stepSeconds">Null: the forecast step.</param>
    /// <param name="stop">Ends the work.</param>
    public async Task<SeriesTable> ReadAsync(int? stepSeconds, CancellationToken stop)
    {
        var cluster = await client.GetAsync("cluster", AdminJson.Default.ClusterView, stop);
        var shards = await client.GetAsync("shards", AdminJson.Default.IReadOnlyListShardView, stop);
        var step = stepSeconds ?? cluster.ForecastStepSeconds;
        var columns = new List<SeriesColumn>();
        foreach (var shard in shards)
        {
            var path = $"series?kind=shard&metric={measure.Name}&id={shard.Id}&step={step}"
                + $"&points={RollupLevel.StepBucketsMax}";
            var views = await client.GetAsync(path, AdminJson.Default.IReadOnlyListSeriesView, stop);
            var view = views.Count > 0 ? views[0] : null;
            columns.Add(new SeriesColumn(shard.Id, view?.StartUnixMs / 1000 ?? 0, view?.Values ?? []));
        }
        return SeriesTable.Of(
            columns, (step, SeasonOf(cluster, step)), (cluster.UnixMs - SettledMs) / 1000, cluster.ClusterId,
            measure.Name);
    }

    private static int? SeasonOf(ClusterView cluster, int stepSeconds)
    {
        if (cluster.ForecastSeasonSteps == 1)
            return 1;
        var seconds = (long)cluster.ForecastSeasonSteps * cluster.ForecastStepSeconds;
        return seconds % stepSeconds == 0 && seconds / stepSeconds <= int.MaxValue
            ? (int)(seconds / stepSeconds)
            : null;
    }
}
