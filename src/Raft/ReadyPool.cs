namespace ShardStore.Raft;

/// <summary>Readies go out and come back with <c>Persisted</c>; their lists are used again, so that the steady path
/// allocates none.</summary>
internal sealed class ReadyPool
{
    private const int FreeMax = 4;
    private const int OutMax = 1024;
    private const int CapacityKept = 256;

    private readonly Queue<Ready> _out = [];
    private readonly Stack<Ready> _free = [];

    public Ready Take(ulong number)
    {
        Ready ready = _free.TryPop(out Ready? used) ? used : new Ready();
        ready.Number = number;

        // A caller that never reports Persisted loses the reuse, not memory.
        if (_out.Count < OutMax)
        {
            _out.Enqueue(ready);
        }

        return ready;
    }

    public void Return(ulong upTo)
    {
        while (_out.TryPeek(out Ready? ready) && ready.Number <= upTo)
        {
            _out.Dequeue();
            if (_free.Count < FreeMax && ready.Entries.Capacity <= CapacityKept
                && ready.Committed.Capacity <= CapacityKept)
            {
                Clear(ready);
                _free.Push(ready);
            }
        }
    }

    private static void Clear(Ready ready)
    {
        ready.HardState = null;
        ready.SnapshotBase = null;
        ready.Entries.Clear();
        ready.SendNow.Clear();
        ready.SendAfterPersist.Clear();
        ready.Committed.Clear();
        ready.Reads.Clear();
        ready.SnapshotsWanted.Clear();
        ready.Events.Clear();
    }
}
