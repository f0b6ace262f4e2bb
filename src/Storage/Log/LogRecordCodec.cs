using System.Buffers.Binary;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>One record as bytes. Its checksum covers header and payload.</summary>
internal static class LogRecordCodec
{
    /// <summary>Returns the bytes written.</summary>
    public static int Write(Span<byte> into, ulong salt, ulong sequence, in LogOperation operation)
    {
        var payload = operation.Payload.Span;
        var bytes = LogFormat.RecordHeaderBytes + payload.Length;
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], operation.Stream);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], operation.Position);
        BinaryPrimitives.WriteUInt64LittleEndian(into[24..], operation.Tag);
        into[32] = (byte)operation.Type;
        into[33] = operation.Kind;
        into[34] = 0;
        into[35] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(into[36..], (uint)sequence);
        payload.CopyTo(into[LogFormat.RecordHeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.Compute(into[4..bytes], LogFormat.Seed(salt)));
        return bytes;
    }

    /// <summary>Reads the record at the start of <paramref name="from"/>; its payload is left out. False when it is
    /// not whole or damaged.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> from, ulong salt, ulong sequence, out LogOperation operation, out int payloadBytes)
    {
        operation = default;
        payloadBytes = 0;
        if (from.Length < LogFormat.RecordHeaderBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
        if (length < 0 || length > from.Length - LogFormat.RecordHeaderBytes)
            return false;
        if (!IsIntact(from[..(LogFormat.RecordHeaderBytes + length)], salt)
            || BinaryPrimitives.ReadUInt32LittleEndian(from[36..]) != (uint)sequence)
            return false;
        payloadBytes = length;
        operation = Header(from);
        return true;
    }

    /// <summary>True when the bytes are exactly one record whose checksum holds.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, ulong salt) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Crc32C.Compute(record[4..], LogFormat.Seed(salt));

    public static LogOperation Header(ReadOnlySpan<byte> record) => new(
        (LogRecordType)record[32],
        record[33],
        BinaryPrimitives.ReadUInt64LittleEndian(record[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[24..]));
}
