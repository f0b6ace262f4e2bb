using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Which part of the load history is asked for. The answer is bounded: the more series, the fewer points.
/// </summary>
internal sealed record SeriesQuery(SeriesKind Kind, LoadMetric Metric, int? Id, int StepSeconds, int Points)
{
    public const string Help =
        "history: ?kind=shard|node&metric=readsPerSecond|…&id=NUMBER&step=SECONDS&points=COUNT";

    private const int PointsUsual = 120;
    private const int PointsMax = 2_016;
    private const int ValuesMax = 1_000_000;

    private static readonly (string, SeriesKind)[] Kinds =
        [.. Enum.GetValues<SeriesKind>().Select(kind => (Words.Camel(kind.ToString()), kind))];

    private static readonly LoadMetric[] ShardMetrics =
    [
        LoadMetric.ReadsPerSecond, LoadMetric.WritesPerSecond, LoadMetric.BytesPerSecond, LoadMetric.CpuMicrosPerSecond,
    ];

    private static readonly LoadMetric[] NodeMetrics =
    [
        LoadMetric.CpuShare, LoadMetric.MemoryShare, LoadMetric.NetworkBytesPerSecond, LoadMetric.DiskBytesPerSecond,
    ];

    public static SeriesQuery Of(HttpContext http, LoadKeeper loads)
    {
        Query.Only(http, "kind", "metric", "id", "step", "points");
        var kind = Query.Word(http, "kind", Kinds) ?? SeriesKind.Shard;
        var metrics = kind == SeriesKind.Shard ? ShardMetrics : NodeMetrics;
        var words = metrics.Select(metric => (Words.Camel(metric.ToString()), metric)).ToArray();
        var id = Query.Number(http, "id", 0, (1, int.MaxValue));
        return new SeriesQuery(
            kind, Query.Word(http, "metric", words) ?? metrics[0], id == 0 ? null : (int)id, Step(http, loads),
            (int)Query.Number(http, "points", PointsUsual, (1, PointsMax)));
    }

    public IReadOnlyList<SeriesView> Read(LoadKeeper loads)
    {
        var keys = loads.Keys()
            .Where(key => key.Kind == Kind && key.Metric == Metric && (Id is null || key.Id == Id))
            .ToArray();
        var points = Math.Clamp(ValuesMax / Math.Max(1, keys.Length), 1, Points);
        return [.. keys.Select(key => ViewOf(key, loads.Series(key, StepSeconds, points)))];
    }

    private static int Step(HttpContext http, LoadKeeper loads)
    {
        var widths = loads.WidthsSeconds();
        var words = widths.Select(width => (width.ToString(), width)).ToArray();
        return Query.Word(http, "step", words) ?? (widths.Contains(60) ? 60 : widths[0]);
    }

    private static SeriesView ViewOf(SeriesKey key, LoadSeries series) => new()
    {
        Kind = Words.Camel(key.Kind.ToString()),
        Id = key.Id,
        Metric = Words.Camel(key.Metric.ToString()),
        StepSeconds = series.StepSeconds,
        StartUnixMs = series.StartUnixMs,
        Values = [.. series.Values.Select(value => float.IsFinite(value) ? value : (double?)null)],
    };
}
