using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Reads a shard's backup to its end and checks all of it: framing, every chunk, every page of the checkpoint,
/// and that the head tells the truth about them.</summary>
internal static class BackupCheck
{
    /// <param name="reader">At the beginning.</param>
    /// <param name="begun">Hears the head, before the first chunk.</param>
    /// <param name="passed">Told the file's bytes of each chunk that was good; may wait.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<BackupHead> RunAsync(
        BackupReader reader, Action<BackupHead> begun, Func<int, ValueTask> passed, CancellationToken stop)
    {
        var head = await reader.ReadHeadAsync(stop);
        begun(head);
        var verifier = new SnapshotVerifier(reader.Name);
        var chunks = 0;
        for (var chunk = await reader.ReadChunkAsync(stop); !chunk.IsEmpty; chunk = await reader.ReadChunkAsync(stop))
        {
            verifier.Add(chunk.Span);
            chunks++;
            await passed(chunk.Length);
        }
        verifier.Complete();
        if (chunks != head.ChunkCount || verifier.State!.AppliedIndex != head.Index
            || verifier.State.AppliedTerm != head.Term || verifier.ContentHash != head.ContentHash
            || head.ConfirmedIndex > head.Index)
        {
            throw new StorageCorruptException(reader.Name, 0, $"{head.ChunkCount} chunks at index {head.Index} with "
                + $"content hash {head.ContentHash:x16}, found {chunks} at {verifier.State!.AppliedIndex} with "
                + $"{verifier.ContentHash:x16}");
        }
        return head;
    }
}
