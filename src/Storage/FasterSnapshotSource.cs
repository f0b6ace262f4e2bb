using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage;

/// <summary>A durable checkpoint as chunks: first its manifest, behind a u32 length, then the log from the page of its
/// begin to its end. The files are held open, so the store may delete them meanwhile.</summary>
internal sealed class FasterSnapshotSource : ISnapshotSource
{
    private readonly CheckpointManifest _manifest;
    private readonly SegmentFiles _files;
    private readonly byte[] _head;
    private readonly uint _snapshot;

    public FasterSnapshotSource(string generation, CheckpointManifest manifest)
    {
        _manifest = manifest;
        _files = new SegmentFiles(generation, manifest.SegmentBytes);
        byte[] bytes = manifest.Write();
        _head = new byte[sizeof(uint) + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(_head, bytes.Length);
        bytes.CopyTo(_head, sizeof(uint));
        _snapshot = NumberOf(_head);
    }

    public CheckpointState State => _manifest.State;
    public ulong ContentHash => _manifest.Counters.ContentHash;
    public long TotalBytes => _head.Length + _manifest.LogBytes;
    public int ChunkCount => ChunksOf(_head.Length) + ChunksOf(_manifest.LogBytes);

    public static int ChunksOf(long bytes) => (int)((bytes + ChunkCodec.RawBytesMax - 1) / ChunkCodec.RawBytesMax);

    /// <summary>A snapshot is told from others by its manifest's own CRC. (A CRC over these bytes too would be the
    /// same for all manifests of one length.)</summary>
    public static uint NumberOf(ReadOnlySpan<byte> head) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[^sizeof(uint)..]);

    public int ReadChunk(int number, IBufferWriter<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, ChunkCount);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkCodec.RawBytesMax);
        try
        {
            int headChunks = ChunksOf(_head.Length);
            int length = number < headChunks ? ReadHead(number, buffer) : ReadLog(number - headChunks, buffer);
            ChunkCodec.Write(number, _snapshot, buffer.AsSpan(0, length), into);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _files.Dispose();

    private int ReadHead(int chunk, byte[] into)
    {
        int start = chunk * ChunkCodec.RawBytesMax;
        int length = Math.Min(ChunkCodec.RawBytesMax, _head.Length - start);
        _head.AsSpan(start, length).CopyTo(into);
        return length;
    }

    private int ReadLog(int chunk, byte[] into)
    {
        long start = chunk * (long)ChunkCodec.RawBytesMax;
        int length = (int)Math.Min(ChunkCodec.RawBytesMax, _manifest.LogBytes - start);
        _files.Read(_manifest.FirstByte + start, into.AsSpan(0, length));
        return length;
    }
}
