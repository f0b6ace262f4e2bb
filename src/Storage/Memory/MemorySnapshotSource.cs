using System.Buffers;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Memory;

/// <summary>A checkpoint blob in chunks: number 0 is its length and its CRC, the others its bytes in order.</summary>
internal sealed class MemorySnapshotSource(byte[] bytes, CheckpointState state, ulong contentHash) : ISnapshotSource
{
    public const int ContentsBytes = 12;

    /// <summary>The blob's own CRC, its last bytes. (A CRC over these too would be the same for every blob.)</summary>
    private readonly uint _crc = BitConverter.ToUInt32(bytes, bytes.Length - sizeof(uint));


    public CheckpointState State => state;
    public ulong ContentHash => contentHash;
    public long TotalBytes => ContentsBytes + bytes.Length;
    public int ChunkCount => 1 + CountOf(bytes.Length);

    public static int CountOf(long length) =>
        (int)((length + ChunkCodec.RawBytesMax - 1) / ChunkCodec.RawBytesMax);

    public int ReadChunk(int number, IBufferWriter<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, ChunkCount);
        ReadOnlySpan<byte> raw = number == 0 ? Contents() : Part(number - 1);
        ChunkCodec.Write(number, _crc, raw, into);
        return raw.Length;
    }

    public void Dispose()
    {
    }

    private byte[] Contents()
    {
        byte[] contents = new byte[ContentsBytes];
        BitConverter.TryWriteBytes(contents, (long)bytes.Length);
        BitConverter.TryWriteBytes(contents.AsSpan(8), _crc);
        return contents;
    }

    private ReadOnlySpan<byte> Part(int part)
    {
        int start = part * ChunkCodec.RawBytesMax;
        return bytes.AsSpan(start, Math.Min(ChunkCodec.RawBytesMax, bytes.Length - start));
    }
}
