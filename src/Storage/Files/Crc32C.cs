using System.Buffers.Binary;
using System.Numerics;

namespace ShardStore.Storage.Files;

/// <summary>CRC32C (Castagnoli), the checksum of everything we write to disk or to a peer. Eight bytes a step by the
/// CPU's own instruction where it has one.</summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
