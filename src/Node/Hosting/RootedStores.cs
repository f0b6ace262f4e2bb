using ShardStore.Storage;

namespace ShardStore.Node.Hosting;

/// <summary>Stores by their name inside one folder.</summary>
public sealed class RootedStores(IStoreEngine engine, string root) : IStoreEngine
{
    public IKeyValueStore Create(string directory) => engine.Create(PathOf(directory));

    public IKeyValueStore Open(string directory, out CheckpointState? state) =>
        engine.Open(PathOf(directory), out state);

    public bool Exists(string directory) => engine.Exists(PathOf(directory));

    public void Delete(string directory) => engine.Delete(PathOf(directory));

    public ISnapshotReceiver Receive(string directory) => engine.Receive(PathOf(directory));

    private string PathOf(string directory) => Path.Combine(root, directory);
}
