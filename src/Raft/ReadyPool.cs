namespace ShardStore.Raft;

/// <summary>Readies go out and come back with <c>Persisted</c>; their lists are used again, so that the steady path
/// allocates none.</summary>
internal sealed class ReadyPool
{
    private const int FreeMax = 4;
    private const int OutMax = 1024;
    private const int CapacityKept = 256;

    private readonly Queue<Ready> _out = [];
    private readonly List<Ready> _returned = [];
    private readonly Stack<Ready> _free = [];

    public Ready Take(ulong number)
    {
        Settle();
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
            _returned.Add(_out.Dequeue());
        }
    }

    /// <summary>Clears what came back. Not at once: a caller is likely to look at a Ready right after it has reported
    /// it. But soon, for its entries are held by it.</summary>
    public void Settle()
    {
        foreach (Ready ready in _returned)
        {
            if (_free.Count < FreeMax && ready.Entries.Capacity <= CapacityKept
                && ready.Committed.Capacity <= CapacityKept)
            {
                Clear(ready);
                _free.Push(ready);
            }
        }

        _returned.Clear();
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
