using ShardStore.Storage.Memory;

namespace ShardStore.Storage.Tests.Store;

public sealed class MemoryStoreTests : DurableStoreContract
{
    protected override IStoreEngine Engine { get; } = new MemoryStoreEngine();

    protected override string Root => "root";

    public override void Dispose()
    {
    }
}
