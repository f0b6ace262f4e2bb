using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>The load history of the whole cluster as this node knows it. The controller adds samples; what it
/// replicates through the meta group is merged here on every node, so that a new controller starts with the past.
/// Any thread.</summary>
public sealed class LoadKeeper(int stepSeconds)
{
    private readonly Lock _lock = new();
    private readonly LoadRollups _rollups = new(stepSeconds);

    public int StepSeconds { get; } = stepSeconds;

    /// <summary>Steps of the forecasts that are kept.</summary>
    public int StepsKept => _rollups.Levels.First(level => level.WidthSeconds == StepSeconds).BucketsMax;

    /// <summary>Everything the cluster said of itself within the last seconds.</summary>
    public void AddSamples(ClusterTelemetry telemetry, long nowMonotonicMs, long unixMs, long ageMsMax)
    {
        lock (_lock)
        {
            foreach (var node in telemetry.Nodes())
            {
                if (node.AgeMs(nowMonotonicMs) <= ageMsMax)
                    _rollups.Add(node.Utilization, unixMs);
            }
            foreach (var demand in telemetry.Demands())
            {
                if (demand.AgeMs(nowMonotonicMs) <= Telemetry.DemandDeltas.RefreshSeconds * 3_000)
                    _rollups.Add(demand.Demand, unixMs);
            }
        }
    }

    public IReadOnlyList<byte[]> TakeBatches(long unixMs)
    {
        lock (_lock)
            return _rollups.TakeBatches(unixMs);
    }

    public bool TryMerge(ReadOnlySpan<byte> batch, out string? error, bool isImport = false)
    {
        lock (_lock)
            return _rollups.TryMerge(batch, out error, isImport);
    }

    public LoadSeries Series(SeriesKey key, int widthSeconds, int bucketsMax = int.MaxValue)
    {
        lock (_lock)
            return _rollups.Series(key, widthSeconds, bucketsMax);
    }

    public LoadSeries Series(
        MeasureKey key, int widthSeconds, int bucketsMax = int.MaxValue, long firstBucket = long.MinValue)
    {
        lock (_lock)
            return _rollups.Series(key, widthSeconds, bucketsMax, firstBucket);
    }

    internal byte[] Encode(IReadOnlyList<LoadBlock> blocks)
    {
        lock (_lock)
            return _rollups.Encode(blocks);
    }

    public int PastChanges(MeasureKey key)
    {
        lock (_lock)
            return _rollups.PastChanges(key);
    }

    public IReadOnlyList<SeriesKey> Keys()
    {
        lock (_lock)
            return [.. _rollups.Keys];
    }

    public IReadOnlyList<int> WidthsSeconds() => [.. _rollups.Levels.Select(level => level.WidthSeconds)];
}
