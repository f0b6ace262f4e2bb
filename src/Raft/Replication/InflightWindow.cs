namespace ShardStore.Raft;

/// <summary>Bound on append messages to one peer that have no answer yet: a ring of (last index, bytes), oldest first.
/// It grows on demand up to its bound, since most of thousands of groups are idle.</summary>
internal sealed class InflightWindow(int messagesMax, long bytesMax)
{
    private (LogIndex Last, int Bytes)[] _ring = [];
    private int _first;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool IsFull => Count >= messagesMax || Bytes >= bytesMax;

    public void Add(LogIndex last, int bytes)
    {
        Invariant.Check(!IsFull, "nothing is sent into a full window");
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) % _ring.Length] = (last, bytes);
        Count++;
        Bytes += bytes;
    }

    /// <summary>The peer answered for everything up to and including an index.</summary>
    public void FreeTo(LogIndex index)
    {
        while (Count > 0 && _ring[_first].Last <= index)
        {
            Bytes -= _ring[_first].Bytes;
            _first = (_first + 1) % _ring.Length;
            Count--;
        }
    }

    public void Clear()
    {
        _first = 0;
        Count = 0;
        Bytes = 0;
    }

    private void Grow()
    {
        var bigger = new (LogIndex, int)[Math.Min(messagesMax, Math.Max(4, _ring.Length * 2))];
        for (int at = 0; at < Count; at++)
        {
            bigger[at] = _ring[(_first + at) % _ring.Length];
        }

        _ring = bigger;
        _first = 0;
    }
}
