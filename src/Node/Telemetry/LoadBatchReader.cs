using System.Buffers.Binary;

namespace ShardStore.Node.Telemetry;

/// <summary>Consecutive buckets of one series.</summary>
internal sealed record LoadRun(SeriesKey Key, int WidthSeconds, long FirstBucket, float[] Values);

/// <summary>Reads what <see cref="LoadBatchWriter"/> wrote, and refuses everything else by name.</summary>
internal ref struct LoadBatchReader
{
    /// <summary>Longest run a sane writer makes: the step level's bound, with room for a larger one later.</summary>
    public const int RunBucketsMax = 100_000;

    /// <summary>One-second buckets until the year 5138; keeps start times far from overflow.</summary>
    private const long BucketMax = 100_000_000_000;

    private ReadOnlySpan<byte> _rest;
    private bool _failed;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out List<LoadRun> runs, out string? error)
    {
        runs = [];
        error = CheckHead(bytes);
        if (error is not null)
            return false;
        var reader = new LoadBatchReader { _rest = bytes[(LoadBatchWriter.Magic.Length + 1)..] };
        while (reader._rest.Length > 0)
        {
            var run = reader.Run();
            if (run is null)
            {
                error = $"load history: run {runs.Count} at byte {bytes.Length - reader._rest.Length} is damaged";
                runs = [];
                return false;
            }
            runs.Add(run);
        }
        return true;
    }

    private static string? CheckHead(ReadOnlySpan<byte> bytes)
    {
        var magic = LoadBatchWriter.Magic;
        if (bytes.Length < magic.Length + 1 || !bytes.StartsWith(magic))
            return $"load history of {bytes.Length} bytes does not start with its magic";
        var version = bytes[magic.Length];
        return version == LoadBatchWriter.Version
            ? null
            : $"load history version {version}; this node reads version {LoadBatchWriter.Version}";
    }

    private LoadRun? Run()
    {
        if (_rest.Length < 2)
            return null;
        var kind = (SeriesKind)_rest[0];
        var metric = (LoadMetric)_rest[1];
        _rest = _rest[2..];
        var id = VarInt(int.MaxValue);
        var widthSeconds = VarInt(int.MaxValue);
        var firstBucket = VarInt(BucketMax);
        var count = (int)VarInt(RunBucketsMax);
        if (_failed || !Enum.IsDefined(kind) || !Enum.IsDefined(metric) || _rest.Length < count * sizeof(float))
            return null;
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(_rest[(i * sizeof(float))..]);
            if (float.IsInfinity(values[i]))
                return null;
        }
        _rest = _rest[(count * sizeof(float))..];
        return new LoadRun(new SeriesKey(kind, (int)id, metric), (int)widthSeconds, firstBucket, values);
    }

    private long VarInt(long max)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_rest.Length == 0)
                break;
            var next = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                _failed |= value > (ulong)max;
                return _failed ? 0 : (long)value;
            }
        }
        _failed = true;
        return 0;
    }
}
