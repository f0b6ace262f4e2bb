using ShardStore.Storage;

namespace ShardStore.Node.Tests.Backup;

/// <summary>A real store with a checkpoint, in a folder that goes at the end.</summary>
internal sealed class SampleStore : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shardstore-backup-");
    private readonly FasterStoreEngine _engine = new(new StoreOptions { MemoryBytes = 4 << 20 });
    private ulong _index;

    public SampleStore() => Store = _engine.Create(Path.Combine(_folder.FullName, "store"));

    public IKeyValueStore Store { get; }
    public string Folder => _folder.FullName;

    public void Put(string key, byte[] value, long expireAtMs = 0) =>
        Store.Put(KeySpace.User, System.Text.Encoding.UTF8.GetBytes(key), value, expireAtMs, ++_index << 12);

    /// <summary>The store as it is now.</summary>
    public ISnapshotSource Checkpoint()
    {
        Assert.True(Store.TryBeginCheckpoint(new CheckpointState(_index, 3, [1, 2, 3], 17)));
        Assert.True(
            SpinWait.SpinUntil(() => Store.PollCheckpoint() is not null, Deadline), "the checkpoint did not end");
        return Store.OpenSnapshot()!;
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
