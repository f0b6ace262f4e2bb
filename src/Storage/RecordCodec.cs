using System.Buffers.Binary;

namespace ShardStore.Storage;

/// <summary>What stands behind a key in the log. Little-endian: format u8, three zero bytes, CRC32C u32, sequence u64,
/// expiry i64 (unix ms, 0 = never), then by format: 1 the value; 2 the head of a value too long for one page: its
/// length i32, number of parts i32, CRC32C u32 of head and key (the first CRC covers the whole value); 3 one part.
/// </summary>
internal static class RecordCodec
{
    public const byte FormatWhole = 1;
    public const byte FormatHead = 2;
    public const byte FormatPart = 3;
    public const int HeaderBytes = 24;
    public const int HeadBytes = HeaderBytes + 12;

    /// <summary>Longer values are cut into parts of this size: four fit the smallest page.</summary>
    public const int PartBytesMax = 60 << 10;

    public static void WriteHeader(Span<byte> into, byte format, in RecordStamp stamp, uint crc)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, format);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], crc);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], stamp.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], stamp.ExpireAtMs);
    }

    /// <summary>Writes what follows the header of a head.</summary>
    public static void WriteHead(Span<byte> into, ReadOnlySpan<byte> storedKey, int valueBytes, int parts)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into[HeaderBytes..], valueBytes);
        BinaryPrimitives.WriteInt32LittleEndian(into[(HeaderBytes + 4)..], parts);
        BinaryPrimitives.WriteUInt32LittleEndian(into[(HeaderBytes + 8)..], HeadCrc(into, storedKey));
    }

    public static uint HeadCrc(ReadOnlySpan<byte> head, ReadOnlySpan<byte> storedKey) =>
        Segments.Checksum.Finish(Segments.Checksum.Append(
            Segments.Checksum.Append(Segments.Checksum.Seed, head[..(HeaderBytes + 8)]), storedKey));

    public static int PartsOf(int valueBytes) =>
        valueBytes <= PartBytesMax ? 0 : (valueBytes + PartBytesMax - 1) / PartBytesMax;
}

/// <summary>The fixed fields of a stored record, with lengths of the value they stand for.</summary>
internal readonly record struct RecordHeader(byte Format, RecordStamp Stamp, uint Crc, int ValueBytes, int Parts)
{
    /// <summary>Reads and checks the header of a record as stored; false when anything does not fit.</summary>
    public static bool TryRead(ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> stored, out RecordHeader header)
    {
        header = default;
        if (stored.Length < RecordCodec.HeaderBytes || storedKey.Length < 1)
            return false;
        uint format = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(stored[4..]);
        RecordStamp stamp = new((KeySpace)storedKey[0], BinaryPrimitives.ReadUInt64LittleEndian(stored[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(stored[16..]));
        if (format == RecordCodec.FormatHead)
            return TryReadHead(storedKey, stored, stamp, crc, out header);
        if (format is not (RecordCodec.FormatWhole or RecordCodec.FormatPart))
            return false;
        ReadOnlySpan<byte> value = stored[RecordCodec.HeaderBytes..];
        header = new RecordHeader((byte)format, stamp, crc, value.Length, 0);
        return RecordHash.Crc(stamp, storedKey[1..], value) == crc;
    }

    private static bool TryReadHead(ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> stored, RecordStamp stamp,
        uint crc, out RecordHeader header)
    {
        header = default;
        if (stored.Length != RecordCodec.HeadBytes)
            return false;
        int valueBytes = BinaryPrimitives.ReadInt32LittleEndian(stored[RecordCodec.HeaderBytes..]);
        int parts = BinaryPrimitives.ReadInt32LittleEndian(stored[(RecordCodec.HeaderBytes + 4)..]);
        uint headCrc = BinaryPrimitives.ReadUInt32LittleEndian(stored[(RecordCodec.HeaderBytes + 8)..]);
        header = new RecordHeader(RecordCodec.FormatHead, stamp, crc, valueBytes, parts);
        return headCrc == RecordCodec.HeadCrc(stored, storedKey) && valueBytes >= 0 && parts > 0;
    }
}
