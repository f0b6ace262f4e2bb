namespace ShardStore.Node.Commands;

/// <summary>How many writes of one connection are not answered yet. Entered by its reading loop, left by whatever
/// thread completes them.</summary>
public sealed class WritesInFlight
{
    private int _count;

    public bool Any => Volatile.Read(ref _count) > 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
