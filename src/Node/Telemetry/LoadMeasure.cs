using System.Text.Json;

namespace ShardStore.Node.Telemetry;

/// <summary>What can be asked of the history: a metric, or the sum of several that are kept apart. Where one of
/// <paramref name="Parts"/> is missing, <paramref name="Whole"/> counts: an imported history often knows the sum only.
/// </summary>
public sealed record LoadMeasure(LoadMetric Whole, params IReadOnlyList<LoadMetric> Parts)
{
    public static readonly LoadMeasure Ops =
        new(LoadMetric.OpsPerSecond, LoadMetric.ReadsPerSecond, LoadMetric.WritesPerSecond);

    /// <summary>The first is what is shown where nothing else is asked for.</summary>
    public static readonly IReadOnlyList<LoadMeasure> OfShards =
    [
        new(LoadMetric.ReadsPerSecond), new(LoadMetric.WritesPerSecond), Ops,
        new(LoadMetric.BytesInPerSecond), new(LoadMetric.BytesOutPerSecond),
        new(LoadMetric.BytesPerSecond, LoadMetric.BytesInPerSecond, LoadMetric.BytesOutPerSecond),
        new(LoadMetric.CpuMicrosPerSecond),
    ];

    public static readonly IReadOnlyList<LoadMeasure> OfNodes =
    [
        new(LoadMetric.CpuShare), new(LoadMetric.CpuUnattributedShare), new(LoadMetric.MemoryShare),
        new(LoadMetric.NetworkBytesPerSecond), new(LoadMetric.DiskBytesPerSecond),
    ];

    /// <summary>As the API and the command line spell it.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(Whole.ToString());

    public static IReadOnlyList<LoadMeasure> Of(SeriesKind kind) => kind == SeriesKind.Shard ? OfShards : OfNodes;

    public bool Has(LoadMetric metric) => metric == Whole || Parts.Contains(metric);
}

/// <summary>A measure of one shard or node.</summary>
public readonly record struct MeasureKey(SeriesKind Kind, int Id, LoadMeasure Measure)
{
    public SeriesKey Of(LoadMetric metric) => new(Kind, Id, metric);
}
