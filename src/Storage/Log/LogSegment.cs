using System.Buffers.Binary;
using System.Globalization;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>One preallocated file of a log. Only the newest is written to.</summary>
internal sealed class LogSegment(IFile file, ulong number, int capacity) : IDisposable
{
    private const string Suffix = ".log";

    public IFile File { get; } = file;
    public ulong Number { get; } = number;

    /// <summary>Bytes reserved on disk. Unit: bytes.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>Where the next batch goes. Writer thread only.</summary>
    public int Tail { get; set; } = LogFormat.SegmentHeaderBytes;

    /// <summary>Records that a stream still needs, and their bytes. Guarded by the log's gate.</summary>
    public int LiveRecords { get; private set; }
    public long LiveBytes { get; private set; }

    /// <summary>Reads under way without the gate: the file stays open until there are none. Guarded by the gate.
    /// </summary>
    public int Pins { get; set; }

    public static string NameOf(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    public static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.Length == 16 + Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out number);
    }

    public static void WriteHeader(Span<byte> into, LogSegmentHeader header)
    {
        into[..LogFormat.SegmentHeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(into, LogFormat.SegmentMagic);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], LogFormat.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], header.Salt);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], header.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(into[24..], header.FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(into[60..], Crc32C.Compute(into[..60]));
    }

    /// <summary>False when the bytes are no segment header. A header of a newer version is refused by name: every
    /// version keeps magic, version and checksum where this one has them.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> from, string path, out LogSegmentHeader header)
    {
        header = default;
        if (from.Length < LogFormat.SegmentHeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(from) != LogFormat.SegmentMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) != Crc32C.Compute(from[..60]))
            return false;
        var version = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
        if (version != LogFormat.Version)
            throw new StorageVersionException(path, version, LogFormat.Version);
        header = new LogSegmentHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[24..]));
        return true;
    }

    public void Retain(int bytes)
    {
        LiveRecords++;
        LiveBytes += bytes;
    }

    public void Release(int bytes)
    {
        LiveRecords--;
        LiveBytes -= bytes;
    }

    public void Dispose() => File.Dispose();
}

/// <summary>What a segment's first bytes say. <paramref name="FirstSequence"/>: the batch before it is the last of
/// the segment before, which shows that none is missing between them.</summary>
internal readonly record struct LogSegmentHeader(ulong Salt, ulong Number, ulong FirstSequence);
