using System.Buffers.Binary;
using System.Numerics;

namespace ShardStore.Storage.Segments;

/// <summary>CRC32C (Castagnoli) by the processor's own instruction. Chained: the result of one call is the seed of
/// the next; start with <see cref="Seed"/> and end with <see cref="Finish"/>.</summary>
internal static class Checksum
{
    public const uint Seed = 0xFFFF_FFFF;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Seed, bytes));

    public static uint Finish(uint running) => ~running;

    public static uint Append(uint running, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            running = BitOperations.Crc32C(running, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte each in bytes)
            running = BitOperations.Crc32C(running, each);
        return running;
    }

    public static uint Append(uint running, ulong value) => BitOperations.Crc32C(running, value);

    public static uint Append(uint running, byte value) => BitOperations.Crc32C(running, value);
}
