namespace ShardStore.Storage.Tests.Store;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("shardstore-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
