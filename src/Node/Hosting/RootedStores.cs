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

    /// <summary>At start: deletes what a crash left behind, replicas that were dropped and checkpoints half received.
    /// </summary>
    public void DeleteAllBut(IEnumerable<string> directories)
    {
        if (!Directory.Exists(root))
            return;
        var kept = directories.ToHashSet();
        foreach (var path in Directory.GetDirectories(root))
        {
            if (!kept.Contains(Path.GetFileName(path)))
                engine.Delete(path);
        }
    }

    private string PathOf(string directory) => Path.Combine(root, directory);
}
