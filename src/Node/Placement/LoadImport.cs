using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>Turns history from before into batches for the meta group. What is known already is left out, so that the
/// same import again costs nothing.</summary>
internal sealed class LoadImport(LoadKeeper loads, LoadMeasure measure, long nowUnixMs)
{
    /// <summary>Codes in a batch: 64 KiB. A whole history of one shard fits, and an entry of the log that carries it is
    /// no burden beside those of a second's writes.</summary>
    private const int CodesMax = 32_768;

    private readonly List<LoadBlock> _blocks = [];
    private readonly long _stepMs = loads.StepSeconds * 1000L;
    private (int Shard, long Bucket)? _last;

    public int Added { get; private set; }
    public int Known { get; private set; }
    public int TooOld { get; private set; }

    /// <summary>One shard's values from <paramref name="firstBucket"/> on; null or no number: not measured. At most as
    /// many as the history keeps.</summary>
    public void Add(int shard, long firstBucket, IReadOnlyList<double?> values)
    {
        var oldest = (nowUnixMs / _stepMs) - loads.StepsKept;
        var known = KnownFrom(shard, Math.Max(firstBucket, oldest));
        var codes = new LoadCode[values.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var code = LoadCode.Of(values[i] ?? double.NaN);
            if (code.IsNone)
                continue;
            if (firstBucket + i < oldest)
                TooOld++;
            else if (known.Contains(firstBucket + i))
                Known++;
            else
                codes[i] = code;
        }
        var begin = Array.FindIndex(codes, code => !code.IsNone);
        if (begin < 0)
            return;
        var end = Array.FindLastIndex(codes, code => !code.IsNone) + 1;
        Added += codes.Count(code => !code.IsNone);
        _last = (shard, firstBucket + end - 1);
        _blocks.Add(new LoadBlock
        {
            Kind = SeriesKind.Shard,
            Metric = measure.Whole,
            WidthSeconds = loads.StepSeconds,
            FirstBucket = firstBucket + begin,
            Buckets = end - begin,
            Ids = [shard],
            Codes = codes[begin..end],
        });
    }

    public IEnumerable<byte[]> Batches()
    {
        var piece = new List<LoadBlock>();
        var codes = 0;
        foreach (var block in _blocks)
        {
            if (piece.Count > 0 && codes + block.Buckets > CodesMax)
            {
                yield return loads.Encode(piece);
                piece.Clear();
                codes = 0;
            }
            piece.Add(block);
            codes += block.Buckets;
        }
        if (piece.Count > 0)
            yield return loads.Encode(piece);
    }

    /// <summary>True when the last value that was added is part of this node's history.</summary>
    public bool IsSeen() => _last is not { } last || KnownFrom(last.Shard, last.Bucket).Contains(last.Bucket);

    private HashSet<long> KnownFrom(int shard, long firstBucket)
    {
        var series = loads.Series(
            new MeasureKey(SeriesKind.Shard, shard, measure), loads.StepSeconds, firstBucket: firstBucket);
        var start = series.StartUnixMs / _stepMs;
        return [.. Enumerable.Range(0, series.Values.Length).Where(i => float.IsFinite(series.Values[i]))
            .Select(i => start + i)];
    }
}
