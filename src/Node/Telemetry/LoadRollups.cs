using System.Buffers;

namespace ShardStore.Node.Telemetry;

/// <summary>
/// Load history at several resolutions, bounded. The controller adds samples; closed buckets of the replicated levels
/// leave as batches for the meta group (<see cref="TakeBatches"/>), and the meta state machine of every node merges
/// them into a second instance of this class, which a new controller starts from (<see cref="EncodeAll"/>,
/// <see cref="TryMerge"/>). Merging is idempotent. Not thread-safe; times are unix milliseconds of the caller.
/// </summary>
public sealed class LoadRollups
{
    /// <summary>16,384 shards and 1,024 nodes with four metrics each would be 69,632; damaged input stops here.
    /// </summary>
    public const int SeriesMax = 70_000;

    /// <summary>After a pause longer than this many buckets the older ones are not published any more.</summary>
    private const int CatchUpBucketsMax = 8;

    private readonly SortedDictionary<SeriesKey, RollupRing[]> _series = [];
    private readonly long[] _publishedEnd;

    public LoadRollups(int stepSeconds)
    {
        Levels = RollupLevel.ForStep(stepSeconds);
        _publishedEnd = new long[Levels.Count];
    }

    public IReadOnlyList<RollupLevel> Levels { get; }

    public IEnumerable<SeriesKey> Keys => _series.Keys;

    public void Add(SeriesKey key, long unixMs, double value)
    {
        if (!double.IsFinite(value) || unixMs < 0)
            return;
        var rings = RingsOf(key);
        for (var level = 0; level < rings.Length; level++)
            rings[level].Add(unixMs / Levels[level].WidthMs, value);
    }

    /// <summary>The demand metrics of a shard at once.</summary>
    public void Add(in ShardDemand demand, long unixMs)
    {
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.ReadsPerSecond), unixMs, demand.ReadsPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.WritesPerSecond), unixMs,
            demand.WritesPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.BytesPerSecond), unixMs,
            demand.BytesInPerSecond + demand.BytesOutPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.CpuMicrosPerSecond), unixMs,
            demand.CpuMicrosPerSecond);
    }

    /// <summary>The utilization metrics of a node at once.</summary>
    public void Add(in NodeUtilization node, long unixMs)
    {
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.CpuShare), unixMs, node.CpuShare);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.MemoryShare), unixMs, node.MemoryShare);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.NetworkBytesPerSecond), unixMs,
            node.NetworkInBytesPerSecond + node.NetworkOutBytesPerSecond);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.DiskBytesPerSecond), unixMs,
            node.DiskReadBytesPerSecond + node.DiskWriteBytesPerSecond);
    }

    /// <summary>The closed buckets of one series, oldest first; at most <paramref name="bucketsMax"/> newest.</summary>
    public LoadSeries Series(SeriesKey key, int widthSeconds, int bucketsMax = int.MaxValue)
    {
        var level = LevelOf(widthSeconds);
        if (level < 0)
            throw new ArgumentException($"no roll-up of {widthSeconds} s; there are "
                + string.Join(", ", Levels.Select(known => $"{known.WidthSeconds} s")));
        if (!_series.TryGetValue(key, out var rings) || rings[level].Count == 0)
            return LoadSeries.Empty(widthSeconds);
        var ring = rings[level];
        var count = Math.Min(bucketsMax, ring.Count);
        var first = ring.EndBucket - count;
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = ring.At(first + i);
        return new LoadSeries(widthSeconds, first * Levels[level].WidthMs, values);
    }

    /// <summary>Batches, one a level and closed bucket, that were not published yet. Each is a few bytes a series.
    /// </summary>
    public IReadOnlyList<byte[]> TakeBatches(long nowUnixMs)
    {
        var batches = new List<byte[]>();
        for (var level = 0; level < Levels.Count; level++)
        {
            if (!Levels[level].IsReplicated)
                continue;
            var end = nowUnixMs / Levels[level].WidthMs;
            CloseBefore(level, end);
            for (var bucket = FirstToPublish(level, end); bucket < end; bucket++)
                AddBatch(batches, level, bucket);
            _publishedEnd[level] = Math.Max(_publishedEnd[level], end);
        }
        return batches;
    }

    /// <summary>All closed buckets of the replicated levels, for a snapshot. The same history gives the same bytes.
    /// </summary>
    public byte[] EncodeAll()
    {
        var into = new ArrayBufferWriter<byte>();
        var writer = new LoadBatchWriter(into);
        writer.Head();
        for (var level = 0; level < Levels.Count; level++)
        {
            if (!Levels[level].IsReplicated)
                continue;
            foreach (var (key, rings) in _series)
            {
                var ring = rings[level];
                if (ring.Count > 0)
                    writer.Run(key, Levels[level].WidthSeconds, ring, ring.FirstBucket, ring.Count);
            }
        }
        return into.WrittenSpan.ToArray();
    }

    /// <summary>Takes a batch or a snapshot. All or nothing: damaged bytes change nothing. Runs of a width that this
    /// instance does not keep (the step was configured anew) are skipped.</summary>
    public bool TryMerge(ReadOnlySpan<byte> batch, out string? error)
    {
        if (!LoadBatchReader.TryRead(batch, out var runs, out error))
            return false;
        foreach (var run in runs)
        {
            var level = LevelOf(run.WidthSeconds);
            if (level < 0 || (!_series.ContainsKey(run.Key) && _series.Count >= SeriesMax))
                continue;
            var ring = RingsOf(run.Key)[level];
            // A run may be longer than this ring: its newest buckets are what counts.
            var skip = Math.Max(0, run.Values.Length - Levels[level].BucketsMax);
            for (var i = skip; i < run.Values.Length; i++)
            {
                if (!float.IsNaN(run.Values[i]))
                    ring.Put(run.FirstBucket + i, run.Values[i]);
            }
            _publishedEnd[level] = Math.Max(_publishedEnd[level], run.FirstBucket + run.Values.Length);
        }
        return true;
    }

    /// <summary>A shard or node that is gone for good.</summary>
    public void Forget(SeriesKind kind, int id)
    {
        foreach (var key in _series.Keys.Where(key => key.Kind == kind && key.Id == id).ToArray())
            _series.Remove(key);
    }

    private RollupRing[] RingsOf(SeriesKey key)
    {
        if (_series.TryGetValue(key, out var rings))
            return rings;
        rings = [.. Levels.Select(level => new RollupRing(level.BucketsMax))];
        _series[key] = rings;
        return rings;
    }

    private int LevelOf(int widthSeconds)
    {
        for (var level = 0; level < Levels.Count; level++)
        {
            if (Levels[level].WidthSeconds == widthSeconds)
                return level;
        }
        return -1;
    }

    private void CloseBefore(int level, long bucket)
    {
        foreach (var rings in _series.Values)
            rings[level].CloseBefore(bucket);
    }

    private long FirstToPublish(int level, long end) => Math.Max(_publishedEnd[level], end - CatchUpBucketsMax);

    private void AddBatch(List<byte[]> batches, int level, long bucket)
    {
        var into = new ArrayBufferWriter<byte>();
        var writer = new LoadBatchWriter(into);
        writer.Head();
        foreach (var (key, rings) in _series)
        {
            if (!float.IsNaN(rings[level].At(bucket)))
                writer.Run(key, Levels[level].WidthSeconds, rings[level], bucket, 1);
        }
        if (writer.Runs > 0)
            batches.Add(into.WrittenSpan.ToArray());
    }
}
