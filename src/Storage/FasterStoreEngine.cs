using ShardStore.Storage.Checkpoints;
using ShardStore.Storage.Faster;
using ShardStore.Storage.Native;

namespace ShardStore.Storage;

/// <summary>Stores on disk, one directory each.</summary>
public sealed class FasterStoreEngine(StoreOptions options) : IStoreEngine
{
    /// <summary>A directory on its way out has this behind its name; it is never opened again.</summary>
    private const string DeletedSuffix = ".deleted";
    private const ulong FirstGeneration = 1;
    private readonly StoreOptions _options = options.Checked();

    public FasterStoreEngine() : this(new StoreOptions())
    {
    }

    public IKeyValueStore Create(string directory)
    {
        if (Directory.Exists(directory))
            throw new IOException($"{directory}: a store, or a part of one, exists here already");
        CreateWithParents(directory);
        return CreateEmpty(directory, FirstGeneration);
    }

    public IKeyValueStore Open(string directory, out CheckpointState? state)
    {
        if (!Exists(directory))
            throw new IOException($"{directory}: there is no complete store here");
        CheckpointManifest? newest = StoreFiles.ReadNewest(directory);
        StoreFiles.DeleteOutdated(directory, newest, current: null);
        state = newest?.State;
        if (newest is null)
            return CreateEmpty(directory, FirstGeneration);
        string generation = StoreFiles.Generation(directory, newest.Generation);
        if (!Directory.Exists(generation))
            throw new StorageCorruptException(generation, 0, "the log of the newest checkpoint, but it is missing");
        PageChecks.Verify(generation, newest);
        PageChecks.Trim(generation, newest);
        ShardLog log = ShardLog.Recover(generation, newest, LogShape.Reopened(_options, newest));
        return new FasterKeyValueStore(directory, _options, log, newest);
    }

    public bool Exists(string directory) =>
        Directory.Exists(directory) && !File.Exists(StoreFiles.Receiving(directory));

    public void Delete(string directory)
    {
        string doomed = directory.TrimEnd(Path.DirectorySeparatorChar) + DeletedSuffix;
        if (Directory.Exists(doomed))
            Directory.Delete(doomed, recursive: true);
        if (!Directory.Exists(directory))
            return;
        Directory.Move(directory, doomed);
        Libc.SyncDirectory(DurableFile.ParentOf(directory));
        Directory.Delete(doomed, recursive: true);
    }

    public ISnapshotReceiver Receive(string directory)
    {
        if (Exists(directory))
            throw new IOException($"{directory}: a complete store exists here already");
        CreateWithParents(directory);
        return new FasterSnapshotReceiver(directory);
    }

    private FasterKeyValueStore CreateEmpty(string directory, ulong generation)
    {
        string path = StoreFiles.Generation(directory, generation);
        DurableFile.CreateDirectory(path);
        ShardLog log = ShardLog.Create(path, generation, LogShape.New(_options));
        return new FasterKeyValueStore(directory, _options, log, newest: null);
    }

    private static void CreateWithParents(string directory)
    {
        string parent = DurableFile.ParentOf(directory);
        if (!Directory.Exists(parent))
            CreateWithParents(parent);
        DurableFile.CreateDirectory(directory);
    }
}
