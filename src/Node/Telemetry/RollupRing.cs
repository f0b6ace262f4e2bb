namespace ShardStore.Node.Telemetry;

/// <summary>Means of one series at one resolution: the newest buckets, in order. Grows by doubling up to its bound,
/// then forgets the oldest.</summary>
internal sealed class RollupRing(int bucketsMax)
{
    private LoadCode[] _values = [];
    private int _start;
    private long _openBucket = long.MinValue;
    private double _openSum;
    private int _openCount;

    /// <summary>Number of the oldest bucket held; a bucket's number is its start time divided by its width.</summary>
    public long FirstBucket { get; private set; }

    public int Count { get; private set; }

    /// <summary>One past the newest closed bucket.</summary>
    public long EndBucket => FirstBucket + Count;

    /// <summary>Adds to the bucket that is being filled; a later bucket closes the one before. A sample for a bucket
    /// already closed is dropped.</summary>
    public void Add(long bucket, double value)
    {
        if (bucket < _openBucket || (Count > 0 && bucket < EndBucket))
            return;
        if (bucket > _openBucket)
        {
            CloseBefore(bucket);
            _openBucket = bucket;
        }
        _openSum += value;
        _openCount++;
    }

    /// <summary>Closes the bucket being filled when it is older than <paramref name="bucket"/>.</summary>
    public void CloseBefore(long bucket)
    {
        if (_openCount == 0 || _openBucket >= bucket)
            return;
        Put(_openBucket, LoadCode.Of(_openSum / _openCount));
        _openSum = 0;
        _openCount = 0;
    }

    /// <summary>Sets a closed bucket. False for one that is known, or too old to be held: it stays as it is.</summary>
    public bool Put(long bucket, LoadCode value)
    {
        if (Count == 0)
            FirstBucket = bucket;
        if (bucket < FirstBucket)
            return TryPrepend(bucket, value);
        while (bucket >= EndBucket)
        {
            // A gap longer than the ring leaves nothing of the old values.
            if (bucket - EndBucket >= bucketsMax)
                Restart(bucket);
            Append(LoadCode.None);
        }
        ref var slot = ref _values[Place(bucket)];
        if (!slot.IsNone)
            return false;
        slot = value;
        return true;
    }

    public LoadCode At(long bucket) =>
        bucket < FirstBucket || bucket >= EndBucket ? LoadCode.None : _values[Place(bucket)];

    /// <summary>Lets go of buckets that are too old, and of their memory: a series that ended would stay for ever.
    /// </summary>
    public void DropBefore(long bucket)
    {
        if (Count == 0 || bucket <= FirstBucket)
            return;
        var dropped = (int)Math.Min(bucket - FirstBucket, Count);
        _start = (_start + dropped) % _values.Length;
        Count -= dropped;
        FirstBucket += dropped;
        if (Count <= _values.Length / 2)
            Resize(Count);
    }

    private int Place(long bucket) => (int)((_start + (bucket - FirstBucket)) % _values.Length);

    private void Restart(long bucket)
    {
        FirstBucket = bucket;
        Count = 0;
        _start = 0;
    }

    private void Append(LoadCode value)
    {
        if (Count == bucketsMax)
        {
            FirstBucket++;
            _start = (_start + 1) % _values.Length;
            Count--;
        }
        if (Count == _values.Length)
            Resize(Math.Min(bucketsMax, Math.Max(8, Count * 2)));
        Count++;
        _values[Place(EndBucket - 1)] = value;
    }

    /// <summary>History arrives after the first fresh samples when a controller takes over: make room before them.
    /// </summary>
    private bool TryPrepend(long bucket, LoadCode value)
    {
        var missing = FirstBucket - bucket;
        if (missing + Count > bucketsMax)
            return false;
        var grown = new LoadCode[Math.Max(8, (int)(missing + Count))];
        for (var i = 0; i < Count; i++)
            grown[missing + i] = At(FirstBucket + i);
        grown[0] = value;
        Count += (int)missing;
        _values = grown;
        _start = 0;
        FirstBucket = bucket;
        return true;
    }

    private void Resize(int capacity)
    {
        var resized = new LoadCode[capacity];
        for (var i = 0; i < Count; i++)
            resized[i] = At(FirstBucket + i);
        _values = resized;
        _start = 0;
    }
}
