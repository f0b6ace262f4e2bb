namespace ShardStore.Storage.Memory;

/// <summary>Memory stores whose checkpoints and snapshots live in a blob store.</summary>
public sealed class MemoryStoreEngine(IBlobStore blobs) : IStoreEngine
{
    public MemoryStoreEngine() : this(new MemoryBlobStore())
    {
    }

    public IKeyValueStore Create(string directory)
    {
        if (Exists(directory))
            throw new IOException($"{directory}: a store exists here already");
        MemoryCheckpoints checkpoints = new(blobs, directory);
        checkpoints.Create();
        return new MemoryKeyValueStore(checkpoints);
    }

    public IKeyValueStore Open(string directory, out CheckpointState? state)
    {
        if (!Exists(directory))
            throw new IOException($"{directory}: there is no store here");
        MemoryCheckpoints checkpoints = new(blobs, directory);
        MemoryKeyValueStore store = new(checkpoints);
        byte[]? newest = checkpoints.ReadNewest(out string name);
        state = newest is null ? null : store.Load(name, newest);
        return store;
    }

    public bool Exists(string directory) => blobs.Read(MemoryCheckpoints.MarkOf(directory)) is not null;

    public void Delete(string directory)
    {
        // The mark goes first: without it a half-deleted store does not exist.
        blobs.Delete(MemoryCheckpoints.MarkOf(directory));
        foreach (string name in blobs.List(directory.TrimEnd('/') + "/"))
            blobs.Delete(name);
    }

    public ISnapshotReceiver Receive(string directory) => new MemorySnapshotReceiver(blobs, directory);
}
