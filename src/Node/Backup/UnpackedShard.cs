using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>One shard of a backup as an open store in a temporary directory, which is gone afterwards.</summary>
internal sealed class UnpackedShard : IDisposable
{
    private static readonly FasterStoreEngine Engine = new(new StoreOptions());
    private readonly string _directory;

    private UnpackedShard(string directory, IKeyValueStore store)
    {
        _directory = directory;
        Store = store;
    }

    public IKeyValueStore Store { get; }

    /// <summary>Receives the file's chunks like a replica that is being seeded, and proves the content by its hash.
    /// </summary>
    public static async Task<UnpackedShard> OpenAsync(
        string file, BackedShard shard, string directory, CancellationToken stop)
    {
        var isOpen = false;
        IKeyValueStore? store = null;
        try
        {
            await ReceiveAsync(file, directory, stop);
            store = Engine.Open(directory, out var state);
            var hash = store.ComputeContentHash().ToString("x16");
            if (hash != shard.ContentHash || state?.AppliedIndex != shard.Index)
            {
                throw new StorageCorruptException(file, 0, $"content hash {shard.ContentHash} at index {shard.Index}, "
                    + $"found {hash} at {state?.AppliedIndex}");
            }
            isOpen = true;
            return new UnpackedShard(directory, store);
        }
        finally
        {
            if (!isOpen)
            {
                store?.Dispose();
                Engine.Delete(directory);
            }
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        Engine.Delete(_directory);
    }

    private static async Task ReceiveAsync(string file, string directory, CancellationToken stop)
    {
        await using var from = StoredBackup.Open(file);
        using var reader = new BackupReader(from, file);
        await reader.ReadHeadAsync(stop);
        using var receiver = Engine.Receive(directory);
        for (var chunk = await reader.ReadChunkAsync(stop); !chunk.IsEmpty; chunk = await reader.ReadChunkAsync(stop))
            receiver.WriteChunk(receiver.NextChunk, chunk.Span);
        receiver.Complete();
    }
}
