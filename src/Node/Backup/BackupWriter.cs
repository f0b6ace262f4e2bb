using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Streams one checkpoint, a chunk in memory at a time: who reads slowly is waited for.</summary>
internal static class BackupWriter
{
    public static async Task WriteAsync(
        Stream into, BackupHead head, ISnapshotSource source, CancellationToken stop)
    {
        await into.WriteAsync(BackupFormat.WriteHead(head), stop);
        var chunk = new ArrayBufferWriter<byte>(BackupFormat.ChunkBytesMax);
        var length = new byte[BackupFormat.LengthBytes];
        for (var number = 0; number < head.ChunkCount; number++)
        {
            chunk.ResetWrittenCount();
            source.ReadChunk(number, chunk);
            BinaryPrimitives.WriteInt32LittleEndian(length, chunk.WrittenCount);
            await into.WriteAsync(length, stop);
            await into.WriteAsync(chunk.WrittenMemory, stop);
        }
        await into.WriteAsync(BackupFormat.WriteEnd(head.ChunkCount), stop);
        await into.FlushAsync(stop);
    }
}
