using System.Buffers;
using ShardStore.Storage;

namespace ShardStore.Node.Tests.Backup;

/// <summary>A real checkpoint whose last chunk comes with one bit changed.</summary>
internal sealed class DamagingSource(ISnapshotSource source) : ISnapshotSource
{
    public CheckpointState State => source.State;
    public ulong ContentHash => source.ContentHash;
    public long TotalBytes => source.TotalBytes;
    public int ChunkCount => source.ChunkCount;

    public int ReadChunk(int number, IBufferWriter<byte> into)
    {
        var whole = new ArrayBufferWriter<byte>();
        var length = source.ReadChunk(number, whole);
        var bytes = whole.WrittenSpan.ToArray();
        if (number == ChunkCount - 1)
            bytes[^1] ^= 1;
        into.Write(bytes);
        return length;
    }

    public void Dispose() => source.Dispose();
}
