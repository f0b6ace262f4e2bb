using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Knows which keys have run out of time, so that the leader can delete them. The soonest keys are in a
/// bounded heap; keys that did not fit, keys from before a restart and sessions are found by scanning the store a
/// slice at a time. It only proposes: whether a key has expired is decided from its record when the deletion applies.
/// </summary>
public sealed class ExpiryTracker : IRecordVisitor
{
    /// <summary>Keys in the heap. About 100 bytes each; a node may hold hundreds of replicas.</summary>
    public const int HeapMax = 8192;

    /// <summary>How often to look for dead sessions, which live for an hour, and for keys whose deletion was lost.
    /// Unit: ms.</summary>
    private const long ScanEveryMs = 600_000;

    private const int ScanRecordsMax = 256;

    private readonly PriorityQueue<byte[], long> _heap = new();
    private readonly List<(KeySpace Space, byte[] Key)> _found = [];
    private readonly RecordBuffer _probe = new();
    private ulong _cursor;
    private bool _isScanning;
    private bool _rebuildsHeap;
    private bool _missedKeys;
    private bool _sawSession;
    private bool _handedOut;
    private long _nextScanMs;
    private long _nowMs;

    /// <param name="store">What it holds already is unknown to the heap, and found by a first scan.</param>
    public ExpiryTracker(IKeyValueStore store) => _missedKeys = _sawSession = store.LiveBytes > 0;

    public void Add(ReadOnlySpan<byte> key, long expireAtMs)
    {
        if (_heap.Count < HeapMax)
            _heap.Enqueue(key.ToArray(), expireAtMs);
        else
            _missedKeys = true;
    }

    public void SawSession() => _sawSession = true;

    /// <summary>Collects up to <paramref name="keysMax"/> records that have expired by <paramref name="nowMs"/>.
    /// Cheap when there are none.</summary>
    public IReadOnlyList<(KeySpace Space, byte[] Key)> Collect(IKeyValueStore store, long nowMs, int keysMax)
    {
        _found.Clear();
        _nowMs = nowMs;
        if (_nextScanMs == 0 && !_missedKeys && !_sawSession)
            _nextScanMs = nowMs + ScanEveryMs;
        while (_found.Count < keysMax && _heap.TryPeek(out var key, out var expireAtMs) && expireAtMs <= nowMs)
        {
            _heap.Dequeue();
            // The key may have been written again, with another time or none.
            if (!store.TryRead(KeySpace.User, key, _probe) || _probe.ExpireAtMs == 0 || _probe.ExpireAtMs > nowMs)
                continue;
            _handedOut = true;
            _found.Add((KeySpace.User, key));
        }
        if (_found.Count < keysMax)
            ScanSlice(store, Math.Min(ScanRecordsMax, keysMax - _found.Count));
        return _found;
    }

    public void Visit(
        KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        if (expireAtMs == 0)
            return;
        if (expireAtMs <= _nowMs)
            _found.Add((space, key.ToArray()));
        else if (space == KeySpace.Session)
            _sawSession = true;
        else if (_rebuildsHeap)
            Add(key, expireAtMs);
    }

    private void ScanSlice(IKeyValueStore store, int recordsMax)
    {
        if (!_isScanning && !TryBeginScan(store))
            return;
        _cursor = store.Scan(_cursor, recordsMax, this);
        if (_cursor != 0)
            return;
        _isScanning = false;
        _nextScanMs = _nowMs + ScanEveryMs;
    }

    /// <summary>A scan after missed keys fills the heap anew; if they still do not fit it is followed by another,
    /// so that every key is looked at again and again. Keys handed out count as missed after a while: the entry that
    /// was to delete them may never have been committed.</summary>
    private bool TryBeginScan(IKeyValueStore store)
    {
        var isDue = _nowMs >= _nextScanMs;
        _rebuildsHeap = (_missedKeys || (_handedOut && isDue)) && store.ExpiringCount > 0;
        _isScanning = _rebuildsHeap || (_sawSession && isDue);
        if (!_isScanning)
            return false;
        if (_rebuildsHeap)
            _heap.Clear();
        _missedKeys &= !_rebuildsHeap;
        _handedOut &= !_rebuildsHeap;
        _sawSession = false;
        return true;
    }
}
