using ShardStore.Storage;

namespace ShardStore.Simulation.Nodes;

/// <summary>Stores of which one finds a damaged record when it has to write over it: the memory engine reads nothing
/// from the disk while it runs, so it would never.</summary>
public sealed class FragileStores(IStoreEngine stores) : IStoreEngine
{
    /// <summary>The next write of any store meets damage.</summary>
    public bool IsArmed { get; set; }

    public Action OnMet { get; set; } = () => { };

    public IKeyValueStore Create(string directory) => new Store(this, directory, stores.Create(directory));

    public IKeyValueStore Open(string directory, out CheckpointState? state) =>
        new Store(this, directory, stores.Open(directory, out state));

    public bool Exists(string directory) => stores.Exists(directory);

    public void Delete(string directory) => stores.Delete(directory);

    public ISnapshotReceiver Receive(string directory) => stores.Receive(directory);

    private void Meet(string directory)
    {
        if (!IsArmed)
            return;
        IsArmed = false;
        OnMet();
        throw new StorageCorruptException(directory, 0, "a record of the announced CRC32C");
    }

    private sealed class Store(FragileStores owner, string directory, IKeyValueStore store) : IKeyValueStore
    {
        public long KeyCount => store.KeyCount;
        public long ExpiringCount => store.ExpiringCount;
        public long LiveBytes => store.LiveBytes;
        public long DiskBytes => store.DiskBytes;
        public ulong ContentHash => store.ContentHash;
        public StorageCorruptException? Damage => store.Damage;

        public bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into) =>
            store.TryRead(space, key, into);

        public void Put(
            KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
        {
            owner.Meet(directory);
            store.Put(space, key, value, expireAtMs, sequence);
        }

        public bool Delete(KeySpace space, ReadOnlySpan<byte> key, ulong sequence)
        {
            owner.Meet(directory);
            return store.Delete(space, key, sequence);
        }

        public void Clear(ulong sequence) => store.Clear(sequence);

        public ulong ComputeContentHash() => store.ComputeContentHash();

        public ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor) =>
            store.Scan(cursor, recordsMax, visitor);

        public bool TryBeginCheckpoint(CheckpointState state) => store.TryBeginCheckpoint(state);

        public CheckpointState? PollCheckpoint() => store.PollCheckpoint();

        public ISnapshotSource? OpenSnapshot() => store.OpenSnapshot();

        public IScrub? OpenScrub() => store.OpenScrub();

        public void Dispose() => store.Dispose();
    }
}
