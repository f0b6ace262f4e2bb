namespace ShardStore.Node.Telemetry;

/// <summary>Means of one series at one resolution: the newest buckets, in order, with NaN where nothing was measured
/// (which is not the same as zero). Grows by doubling up to its bound, then forgets the oldest.</summary>
internal sealed class RollupRing(int bucketsMax)
{
    private float[] _values = [];
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
        Put(_openBucket, (float)(_openSum / _openCount));
        _openSum = 0;
        _openCount = 0;
    }

    /// <summary>Sets a closed bucket. One that is known, or too old to be held, stays as it is.</summary>
    public void Put(long bucket, float value)
    {
        if (Count == 0)
            FirstBucket = bucket;
        if (bucket < FirstBucket)
        {
            Prepend(bucket, value);
            return;
        }
        while (bucket >= EndBucket)
        {
            // A gap longer than the ring leaves nothing of the old values.
            if (bucket - EndBucket >= bucketsMax)
                Restart(bucket);
            Append(float.NaN);
        }
        ref var slot = ref _values[Place(bucket)];
        if (float.IsNaN(slot))
            slot = value;
    }

    public float At(long bucket) =>
        bucket < FirstBucket || bucket >= EndBucket ? float.NaN : _values[Place(bucket)];

    private int Place(long bucket) => (int)((_start + (bucket - FirstBucket)) % _values.Length);

    private void Restart(long bucket)
    {
        FirstBucket = bucket;
        Count = 0;
        _start = 0;
    }

    private void Append(float value)
    {
        if (Count == bucketsMax)
        {
            FirstBucket++;
            _start = (_start + 1) % _values.Length;
            Count--;
        }
        if (Count == _values.Length)
            Grow(Math.Min(bucketsMax, Math.Max(8, Count * 2)));
        Count++;
        _values[Place(EndBucket - 1)] = value;
    }

    /// <summary>History arrives after the first fresh samples when a controller takes over: make room before them.
    /// </summary>
    private void Prepend(long bucket, float value)
    {
        var missing = FirstBucket - bucket;
        if (missing + Count > bucketsMax)
            return;
        var grown = new float[Math.Max(8, (int)(missing + Count))];
        Array.Fill(grown, float.NaN);
        for (var i = 0; i < Count; i++)
            grown[missing + i] = At(FirstBucket + i);
        grown[0] = value;
        Count += (int)missing;
        _values = grown;
        _start = 0;
        FirstBucket = bucket;
    }

    private void Grow(int capacity)
    {
        var grown = new float[capacity];
        for (var i = 0; i < Count; i++)
            grown[i] = At(FirstBucket + i);
        _values = grown;
        _start = 0;
    }
}
