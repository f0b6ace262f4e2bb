using ShardStore.Node.Commands;

namespace ShardStore.Node.Server;

/// <summary>A connection's requests in the order they came. The reading loop adds at the tail, the writing loop takes
/// from the head once the request there is done, so replies leave in order although they are completed in any. The
/// requests are reused.</summary>
internal sealed class RequestRing(int size, IRequestOwner owner)
{
    private readonly ClientRequest?[] _slots = new ClientRequest?[size];
    private readonly int _mask = size - 1;
    private long _head;
    private long _tail;

    public bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);
    public bool IsFull => Volatile.Read(ref _tail) - Volatile.Read(ref _head) > _mask;
    public int Count => (int)(Volatile.Read(ref _tail) - Volatile.Read(ref _head));

    /// <summary>The request to fill next. Reading loop; the ring is not full.</summary>
    public ClientRequest Next => _slots[_tail & _mask] ??= new ClientRequest(owner);

    /// <summary>Makes <see cref="Next"/> visible to the writing loop, before anyone can complete it.</summary>
    public void Publish() => Volatile.Write(ref _tail, _tail + 1);

    /// <summary>The oldest request if its reply is complete. Writing loop.</summary>
    public ClientRequest? DoneHead()
    {
        if (IsEmpty)
            return null;
        var request = _slots[_head & _mask]!;
        return request.IsDone ? request : null;
    }

    /// <summary>Gives the head back for reuse. Writing loop.</summary>
    public void ReleaseHead()
    {
        _slots[_head & _mask]!.Release();
        Volatile.Write(ref _head, _head + 1);
    }
}
