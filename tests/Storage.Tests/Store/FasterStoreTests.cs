namespace ShardStore.Storage.Tests.Store;

public sealed class FasterStoreTests : DurableStoreContract
{
    private readonly TemporaryDirectory _root = new();

    protected override IStoreEngine Engine { get; } =
        new FasterStoreEngine(new StoreOptions { MemoryBytes = 2 << 20, SegmentBytes = 512 << 10 });

    protected override string Root => _root.Path;

    public override void Dispose() => _root.Dispose();
}
