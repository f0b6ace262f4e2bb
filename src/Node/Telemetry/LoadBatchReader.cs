using System.Buffers.Binary;

namespace ShardStore.Node.Telemetry;

/// <summary>Reads what <see cref="LoadBatchWriter"/> wrote, and refuses everything else by name. The version before,
/// one series a block and values of four bytes, is still read.</summary>
internal ref struct LoadBatchReader
{
    /// <summary>Longest block a sane writer makes: the step level's bound, with room for a larger one later.</summary>
    public const int BucketsMax = 100_000;

    private const byte VersionBefore = 1;

    /// <summary>One-second buckets until the year 5138; keeps start times far from overflow.</summary>
    private const long BucketMax = 100_000_000_000;

    private ReadOnlySpan<byte> _rest;
    private bool _failed;

    /// <summary>Nothing of the batch is used unless all of it is good.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out List<LoadBlock> blocks, out string? error)
    {
        blocks = [];
        if (!TryOpen(bytes, out var reader, out var version, out error))
            return false;
        if (version != VersionBefore)
            reader.VarInt(BucketMax);
        while (reader._rest.Length > 0 || reader._failed)
        {
            var block = version == VersionBefore ? reader.RunBefore() : reader.Block();
            if (block is null)
            {
                error = $"load history: block {blocks.Count} at byte {bytes.Length - reader._rest.Length} is damaged";
                blocks = [];
                return false;
            }
            blocks.Add(block);
        }
        return true;
    }

    /// <summary>When nobody keeps any bucket of the batch any more, without reading more than its head.</summary>
    public static bool TryReadExpiry(ReadOnlySpan<byte> bytes, out long unixSeconds, out string? error)
    {
        unixSeconds = 0;
        if (!TryOpen(bytes, out var reader, out var version, out error))
            return false;
        if (version != VersionBefore)
        {
            unixSeconds = reader.VarInt(BucketMax);
            error = reader._failed ? "load history: its head is damaged" : null;
            return error is null;
        }
        if (!TryRead(bytes, out var blocks, out error))
            return false;
        unixSeconds = blocks.Select(block => (block.EndBucket + RollupLevel.StepBucketsMax) * block.WidthSeconds)
            .DefaultIfEmpty().Max();
        return true;
    }

    private static bool TryOpen(
        ReadOnlySpan<byte> bytes, out LoadBatchReader reader, out byte version, out string? error)
    {
        reader = default;
        version = 0;
        error = null;
        var magic = LoadBatchWriter.Magic;
        if (bytes.Length < magic.Length + 1 || !bytes.StartsWith(magic))
        {
            error = $"load history of {bytes.Length} bytes does not start with its magic";
            return false;
        }
        version = bytes[magic.Length];
        if (version is < VersionBefore or > LoadBatchWriter.Version)
        {
            error = $"load history version {version}; this node reads versions {VersionBefore} to "
                + $"{LoadBatchWriter.Version}";
            return false;
        }
        reader = new LoadBatchReader { _rest = bytes[(magic.Length + 1)..] };
        return true;
    }

    private LoadBlock? Block()
    {
        if (!TryMetric(out var kind, out var metric))
            return null;
        var width = VarInt(int.MaxValue);
        var firstBucket = VarInt(BucketMax);
        var buckets = VarInt(BucketsMax);
        // A byte an id at least: nothing is allocated for ids that are not there.
        var ids = new int[VarInt(_rest.Length)];
        long id = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            var gap = VarInt(int.MaxValue);
            id += gap;
            _failed |= id > int.MaxValue || (i > 0 && gap == 0);
            ids[i] = _failed ? 0 : (int)id;
        }
        if (_failed || _rest.Length < ids.Length * buckets * sizeof(ushort))
            return null;
        return Codes((int)(ids.Length * buckets)) is not { } codes
            ? null
            : new LoadBlock
            {
                Kind = kind,
                Metric = metric,
                WidthSeconds = (int)width,
                FirstBucket = firstBucket,
                Buckets = (int)buckets,
                Ids = ids,
                Codes = codes,
            };
    }

    private LoadBlock? RunBefore()
    {
        if (!TryMetric(out var kind, out var metric))
            return null;
        var id = VarInt(int.MaxValue);
        var width = VarInt(int.MaxValue);
        var firstBucket = VarInt(BucketMax);
        var buckets = (int)VarInt(BucketsMax);
        if (_failed || _rest.Length < buckets * sizeof(float))
            return null;
        var codes = new LoadCode[buckets];
        for (var i = 0; i < codes.Length; i++)
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(_rest[(i * sizeof(float))..]);
            if (float.IsInfinity(value))
                return null;
            codes[i] = LoadCode.Of(value);
        }
        _rest = _rest[(buckets * sizeof(float))..];
        return new LoadBlock
        {
            Kind = kind,
            Metric = metric,
            WidthSeconds = (int)width,
            FirstBucket = firstBucket,
            Buckets = buckets,
            Ids = [(int)id],
            Codes = codes,
        };
    }

    private bool TryMetric(out SeriesKind kind, out LoadMetric metric)
    {
        (kind, metric) = (default, default);
        if (_failed || _rest.Length < 2)
            return false;
        (kind, metric) = ((SeriesKind)_rest[0], (LoadMetric)_rest[1]);
        _rest = _rest[2..];
        return Enum.IsDefined(kind) && Enum.IsDefined(metric);
    }

    /// <summary>Null when one of them is no code.</summary>
    private LoadCode[]? Codes(int count)
    {
        var codes = new LoadCode[count];
        for (var i = 0; i < count; i++)
        {
            if (!LoadCode.TryOfBits(BinaryPrimitives.ReadUInt16LittleEndian(_rest[(2 * i)..]), out codes[i]))
                return null;
        }
        _rest = _rest[(2 * count)..];
        return codes;
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
