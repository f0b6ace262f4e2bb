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
    /// <summary>16,384 shards with seven metrics and 1,024 nodes with five would be 119,808; damaged input stops here.
    /// </summary>
    public const int SeriesMax = 120_000;

    /// <summary>After a pause longer than this many buckets the older ones are not published any more.</summary>
    private const int CatchUpBucketsMax = 8;

    /// <summary>Old buckets are let go of in one go for that part of a level: looking at every series costs more than a
    /// bucket does.</summary>
    private const int DropShare = 64;

    // Hashed, since a history that is read back looks up millions of times; what depends on order sorts (Ordered).
    private readonly Dictionary<SeriesKey, RollupRing[]> _series = [];
    private readonly Dictionary<SeriesKey, int> _pastChanges = [];
    private readonly long[] _publishedEnd;
    private readonly long[] _newestEnd;
    private readonly long[] _droppedAt;

    public LoadRollups(int stepSeconds)
    {
        Levels = RollupLevel.ForStep(stepSeconds);
        _publishedEnd = new long[Levels.Count];
        _newestEnd = new long[Levels.Count];
        _droppedAt = new long[Levels.Count];
    }

    public IReadOnlyList<RollupLevel> Levels { get; }

    public IEnumerable<SeriesKey> Keys => _series.Keys.Order();

    public void Add(SeriesKey key, long unixMs, double value)
    {
        if (!double.IsFinite(value) || unixMs < 0)
            return;
        if (RingsOf(key) is not { } rings)
            return;
        for (var level = 0; level < rings.Length; level++)
            rings[level].Add(unixMs / Levels[level].WidthMs, value);
    }

    /// <summary>The demand metrics of a shard at once.</summary>
    public void Add(in ShardDemand demand, long unixMs)
    {
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.ReadsPerSecond), unixMs, demand.ReadsPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.WritesPerSecond), unixMs,
            demand.WritesPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.BytesInPerSecond), unixMs,
            demand.BytesInPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.BytesOutPerSecond), unixMs,
            demand.BytesOutPerSecond);
        Add(new SeriesKey(SeriesKind.Shard, demand.ShardId, LoadMetric.CpuMicrosPerSecond), unixMs,
            demand.CpuMicrosPerSecond);
    }

    /// <summary>The utilization metrics of a node at once.</summary>
    public void Add(in NodeUtilization node, long unixMs)
    {
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.CpuShare), unixMs, node.CpuShare);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.CpuUnattributedShare), unixMs,
            Math.Max(0, node.CpuShare - node.CpuAttributedShare));
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.MemoryShare), unixMs, node.MemoryShare);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.NetworkBytesPerSecond), unixMs,
            node.NetworkInBytesPerSecond + node.NetworkOutBytesPerSecond);
        Add(new SeriesKey(SeriesKind.Node, node.Node, LoadMetric.DiskBytesPerSecond), unixMs,
            node.DiskReadBytesPerSecond + node.DiskWriteBytesPerSecond);
    }

    /// <summary>The closed buckets of one series, oldest first; at most <paramref name="bucketsMax"/> newest.</summary>
    public LoadSeries Series(SeriesKey key, int widthSeconds, int bucketsMax = int.MaxValue) =>
        Series(new MeasureKey(key.Kind, key.Id, new LoadMeasure(key.Metric)), widthSeconds, bucketsMax);

    /// <summary>The closed buckets of one measure, oldest first: at most <paramref name="bucketsMax"/> newest, and none
    /// before <paramref name="firstBucket"/>.</summary>
    public LoadSeries Series(
        MeasureKey key, int widthSeconds, int bucketsMax = int.MaxValue, long firstBucket = long.MinValue)
    {
        var level = LevelOf(widthSeconds);
        if (level < 0)
            throw new ArgumentException($"no roll-up of {widthSeconds} s; there are "
                + string.Join(", ", Levels.Select(known => $"{known.WidthSeconds} s")));
        var whole = RingOf(key.Of(key.Measure.Whole), level);
        var parts = key.Measure.Parts.Select(metric => RingOf(key.Of(metric), level)).ToArray();
        var (first, end) = (long.MaxValue, long.MinValue);
        foreach (var ring in parts.Append(whole))
        {
            if (ring is { Count: > 0 })
                (first, end) = (Math.Min(first, ring.FirstBucket), Math.Max(end, ring.EndBucket));
        }
        first = Math.Max(first, Math.Max(firstBucket, end - bucketsMax));
        if (first >= end)
            return LoadSeries.Empty(widthSeconds);
        var values = new float[end - first];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)ValueAt(whole, parts, first + i);
        return new LoadSeries(widthSeconds, first * Levels[level].WidthMs, values);
    }

    /// <summary>Grows whenever older buckets of a measure get values, as when history is imported: whoever has copied
    /// them by their end has to read them again.</summary>
    public int PastChanges(MeasureKey key) =>
        key.Measure.Parts.Append(key.Measure.Whole).Sum(metric => _pastChanges.GetValueOrDefault(key.Of(metric)));

    /// <summary>Batches, one a level and closed bucket, that were not published yet. Each is a few bytes a series.
    /// </summary>
    public IReadOnlyList<byte[]> TakeBatches(long nowUnixMs)
    {
        var batches = new List<byte[]>();
        for (var level = 0; level < Levels.Count; level++)
        {
            var end = nowUnixMs / Levels[level].WidthMs;
            if (Levels[level].IsReplicated)
            {
                CloseBefore(level, end);
                for (var bucket = FirstToPublish(level, end); bucket < end; bucket++)
                    AddBatch(batches, level, bucket);
                _publishedEnd[level] = Math.Max(_publishedEnd[level], end);
            }
            MoveTo(level, end);
        }
        return batches;
    }

    /// <summary>All closed buckets of the replicated levels, for a snapshot. The same history gives the same bytes.
    /// </summary>
    public byte[] EncodeAll()
    {
        var blocks = new List<LoadBlock>();
        for (var level = 0; level < Levels.Count; level++)
        {
            if (!Levels[level].IsReplicated)
                continue;
            foreach (var (key, rings) in Ordered())
            {
                var ring = rings[level];
                if (ring.Count > 0)
                    blocks.Add(BlockOf(level, [(key, ring)], ring.FirstBucket, ring.Count));
            }
        }
        return Encode(blocks);
    }

    /// <summary>Blocks of this instance's widths as a batch.</summary>
    internal byte[] Encode(IReadOnlyList<LoadBlock> blocks)
    {
        var into = new ArrayBufferWriter<byte>();
        var writer = new LoadBatchWriter(into);
        writer.Head(blocks.Select(ExpiryOf).DefaultIfEmpty().Max());
        foreach (var block in blocks)
            writer.Block(block);
        return into.WrittenSpan.ToArray();
    }

    /// <summary>Takes a batch or a snapshot. All or nothing: damaged bytes change nothing. Blocks of a width that this
    /// instance does not keep (the step was configured anew) are skipped.</summary>
    /// <param name="batch">The bytes.</param>
    /// <param name="error">What is wrong with them.</param>
    /// <param name="isImport">They are not what a controller published, so they say nothing of what is left to publish.
    /// </param>
    public bool TryMerge(ReadOnlySpan<byte> batch, out string? error, bool isImport = false)
    {
        if (!LoadBatchReader.TryRead(batch, out var blocks, out error))
            return false;
        foreach (var block in blocks)
        {
            var level = LevelOf(block.WidthSeconds);
            if (level < 0)
                continue;
            Merge(block, level);
            if (!isImport)
                _publishedEnd[level] = Math.Max(_publishedEnd[level], block.EndBucket);
            MoveTo(level, block.EndBucket);
        }
        return true;
    }

    /// <summary>A shard or node that is gone for good.</summary>
    public void Forget(SeriesKind kind, int id)
    {
        foreach (var key in _series.Keys.Where(key => key.Kind == kind && key.Id == id).ToArray())
        {
            _series.Remove(key);
            _pastChanges.Remove(key);
        }
    }

    private static double ValueAt(RollupRing? whole, RollupRing?[] parts, long bucket)
    {
        // No parts: the whole is all there is.
        var sum = parts.Length == 0 ? double.NaN : 0;
        foreach (var part in parts)
            sum += part?.At(bucket).Value ?? double.NaN;
        return double.IsNaN(sum) ? whole?.At(bucket).Value ?? double.NaN : sum;
    }

    private IEnumerable<KeyValuePair<SeriesKey, RollupRing[]>> Ordered() => _series.OrderBy(pair => pair.Key);

    private RollupRing? RingOf(SeriesKey key, int level) =>
        _series.TryGetValue(key, out var rings) ? rings[level] : null;

    /// <summary>Makes them where there are none; null when there are too many series already.</summary>
    private RollupRing[]? RingsOf(SeriesKey key)
    {
        if (_series.TryGetValue(key, out var rings))
            return rings;
        if (_series.Count >= SeriesMax)
            return null;
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

    /// <summary>What is now the past, and what is so old that it goes.</summary>
    private void MoveTo(int level, long end)
    {
        _newestEnd[level] = Math.Max(_newestEnd[level], end);
        if (end <= _droppedAt[level] + (Levels[level].BucketsMax / DropShare))
            return;
        _droppedAt[level] = end;
        foreach (var rings in _series.Values)
            rings[level].DropBefore(end - Levels[level].BucketsMax);
    }

    private void Merge(LoadBlock block, int level)
    {
        for (var i = 0; i < block.Ids.Length; i++)
        {
            var key = new SeriesKey(block.Kind, block.Ids[i], block.Metric);
            if (RingsOf(key) is not { } rings)
                continue;
            var ring = rings[level];
            var row = block.Row(i);
            var isChanged = false;
            // A row may be longer than this ring: its newest buckets are what counts.
            for (var at = Math.Max(0, row.Length - Levels[level].BucketsMax); at < row.Length; at++)
            {
                if (!row[at].IsNone)
                    isChanged |= ring.Put(block.FirstBucket + at, row[at]);
            }
            if (isChanged && block.FirstBucket + 1 < _newestEnd[level])
                _pastChanges[key] = _pastChanges.GetValueOrDefault(key) + 1;
        }
    }

    private long FirstToPublish(int level, long end) => Math.Max(_publishedEnd[level], end - CatchUpBucketsMax);

    private void AddBatch(List<byte[]> batches, int level, long bucket)
    {
        var measured = Ordered().Select(pair => (pair.Key, Ring: pair.Value[level]))
            .Where(pair => !pair.Ring.At(bucket).IsNone)
            .GroupBy(pair => (pair.Key.Kind, pair.Key.Metric)).OrderBy(group => group.Key);
        var blocks = measured.Select(group => BlockOf(level, [.. group], bucket, 1)).ToList();
        if (blocks.Count > 0)
            batches.Add(Encode(blocks));
    }

    private LoadBlock BlockOf(int level, IReadOnlyList<(SeriesKey Key, RollupRing Ring)> rows, long first, int buckets)
    {
        var codes = new LoadCode[rows.Count * buckets];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = rows[i / buckets].Ring.At(first + (i % buckets));
        return new LoadBlock
        {
            Kind = rows[0].Key.Kind,
            Metric = rows[0].Key.Metric,
            WidthSeconds = Levels[level].WidthSeconds,
            FirstBucket = first,
            Buckets = buckets,
            Ids = [.. rows.Select(row => row.Key.Id)],
            Codes = codes,
        };
    }

    private long ExpiryOf(LoadBlock block) =>
        (block.EndBucket * block.WidthSeconds) + Levels[LevelOf(block.WidthSeconds)].KeptSeconds;
}
