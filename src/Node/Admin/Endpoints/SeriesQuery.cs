using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Which part of the load history is asked for. The answer is bounded: the more series, the fewer points.
/// </summary>
internal sealed record SeriesQuery(SeriesKind Kind, LoadMeasure Measure, int? Id, int StepSeconds, int Points)
{
    public const string Help =
        "history: ?kind=shard|node&metric=readsPerSecond|…&id=NUMBER&step=SECONDS&points=COUNT";

    private const int PointsUsual = 120;
    private const int PointsMax = RollupLevel.StepBucketsMax;
    private const int ValuesMax = 1_000_000;

    private static readonly (string, SeriesKind)[] Kinds =
        [.. Enum.GetValues<SeriesKind>().Select(kind => (Words.Camel(kind.ToString()), kind))];

    public static SeriesQuery Of(HttpContext http, LoadKeeper loads)
    {
        Query.Only(http, "kind", "metric", "id", "step", "points");
        var kind = Query.Word(http, "kind", Kinds) ?? SeriesKind.Shard;
        var id = Query.Number(http, "id", 0, (1, int.MaxValue));
        return new SeriesQuery(
            kind, MeasureOf(http, kind), id == 0 ? null : (int)id, Step(http, loads),
            (int)Query.Number(http, "points", PointsUsual, (1, PointsMax)));
    }

    public IReadOnlyList<SeriesView> Read(LoadKeeper loads)
    {
        var ids = loads.Keys()
            .Where(key => key.Kind == Kind && Measure.Has(key.Metric) && (Id is null || key.Id == Id))
            .Select(key => key.Id).Distinct().ToArray();
        var points = Math.Clamp(ValuesMax / Math.Max(1, ids.Length), 1, Points);
        return [.. ids.Select(id => ViewOf(
            id, loads.Series(new MeasureKey(Kind, id, Measure), StepSeconds, points)))];
    }

    private static LoadMeasure MeasureOf(HttpContext http, SeriesKind kind)
    {
        var known = LoadMeasure.Of(kind);
        var words = known.Select((measure, place) => (measure.Name, place)).ToArray();
        return known[Query.Word(http, "metric", words) ?? 0];
    }

    private static int Step(HttpContext http, LoadKeeper loads)
    {
        var widths = loads.WidthsSeconds();
        var words = widths.Select(width => (width.ToString(), width)).ToArray();
        return Query.Word(http, "step", words) ?? (widths.Contains(60) ? 60 : widths[0]);
    }

    private SeriesView ViewOf(int id, LoadSeries series) => new()
    {
        Kind = Words.Camel(Kind.ToString()),
        Id = id,
        Metric = Measure.Name,
        StepSeconds = series.StepSeconds,
        StartUnixMs = series.StartUnixMs,
        // By way of decimals, which drop the digits that a float does not hold.
        Values = [.. series.Values.Select(value => float.IsFinite(value) ? (double)(decimal)value : (double?)null)],
    };
}
