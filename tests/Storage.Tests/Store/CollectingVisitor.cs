namespace ShardStore.Storage.Tests.Store;

internal sealed class CollectingVisitor(Action<byte[]> onKey) : IRecordVisitor
{
    public void Visit(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs,
        ulong sequence) => onKey(key.ToArray());
}

internal static class StoreScans
{
    public static int CountByScan(this IKeyValueStore store)
    {
        int count = 0;
        ulong cursor = 0;
        do
            cursor = store.Scan(cursor, 100, new CollectingVisitor(_ => count++));
        while (cursor != 0);
        return count;
    }

    /// <summary>Starts a checkpoint and waits until it is durable.</summary>
    public static CheckpointState Checkpoint(this IKeyValueStore store, ulong index)
    {
        if (!store.TryBeginCheckpoint(new CheckpointState(index, 3, [1, 2, 3], 99)))
            throw new InvalidOperationException("a checkpoint is under way");
        return store.AwaitCheckpoint();
    }

    public static CheckpointState AwaitCheckpoint(this IKeyValueStore store)
    {
        CheckpointState? durable = null;
        if (!SpinWait.SpinUntil(() => (durable = store.PollCheckpoint()) is not null, TimeSpan.FromSeconds(30)))
            throw new TimeoutException("no checkpoint within 30 s");
        return durable!;
    }
}
