using System.Buffers.Binary;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>The bytes of a log. A segment is a header and then batches, each at a multiple of 8; what follows the
/// last batch is zeros. A batch is a header and its records, padded with zeros. All checksums are CRC32C seeded by
/// the log's salt. All numbers are little-endian.
/// <code>
/// segment  magic:4 version:4 salt:8 number:8 firstSequence:8 capacity:8 zero:20 crc:4
/// batch    magic:4 bodyBytes:4 sequence:8 records:4 zero:8 crc:4
/// record   crc:4 payloadBytes:4 stream:8 position:8 tag:8 type:1 kind:1 zero:2 sequenceLow:4 payload
/// </code></summary>
internal static class LogFormat
{
    public const int Version = 1;
    public const int SegmentHeaderBytes = 64;
    public const int BatchHeaderBytes = 32;
    public const int RecordHeaderBytes = 40;
    public const int Alignment = 8;
    public const int StateBytesMax = 64 * 1024;
    public const int BatchBytesMax = 1 << 30;
    public const uint SegmentMagic = 0x474C5353; // "SSLG"
    public const uint BatchMagic = 0x424C5353; // "SSLB"

    public static int Align(int bytes) => (bytes + Alignment - 1) & -Alignment;

    public static uint Seed(ulong salt) => (uint)(salt ^ (salt >> 32));

    public static void WriteBatchHeader(Span<byte> into, ulong salt, ulong sequence, int records, int bodyBytes)
    {
        into[..BatchHeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(into, BatchMagic);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], bodyBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(into[16..], records);
        BinaryPrimitives.WriteUInt32LittleEndian(into[28..], Crc32C.Compute(into[..28], Seed(salt)));
    }

    /// <summary>False unless the bytes are a whole, undamaged batch header of this log.</summary>
    public static bool TryReadBatchHeader(ReadOnlySpan<byte> from, ulong salt, out LogBatchHeader header)
    {
        header = default;
        if (from.Length < BatchHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(from) != BatchMagic)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[28..]) != Crc32C.Compute(from[..28], Seed(salt)))
            return false;
        header = new LogBatchHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]));
        return header.Records >= 0 && header.BodyBytes is >= 0 and <= BatchBytesMax;
    }
}

/// <summary>The head of a batch: its number in the log, one more than the batch before.</summary>
internal readonly record struct LogBatchHeader(ulong Sequence, int Records, int BodyBytes);
