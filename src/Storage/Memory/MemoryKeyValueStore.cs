namespace ShardStore.Storage.Memory;

/// <summary>A shard's records in memory, with checkpoints as whole blobs. Deterministic: no task, no clock, no
/// hash-table order. Made for tests and for the simulator, where many small stores live in one process.</summary>
public sealed class MemoryKeyValueStore : IKeyValueStore
{
    private readonly MemoryCheckpoints _checkpoints;
    private readonly MemoryRecords _records = new();
    private StoreCounters _counters;
    private CheckpointState? _pendingState;
    private byte[] _pendingBytes = [];

    internal MemoryKeyValueStore(MemoryCheckpoints checkpoints) => _checkpoints = checkpoints;

    public long KeyCount => _counters.KeyCount;
    public long ExpiringCount => _counters.ExpiringCount;
    public long LiveBytes => _counters.LiveBytes;
    public long DiskBytes => _checkpoints.Bytes;
    public ulong ContentHash => _counters.ContentHash;

    public bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into)
    {
        if (!_records.TryGet(space, key, out MemoryRecord? record))
            return false;
        record.Value.CopyTo(into.Reset(record.Value.Length, record.Stamp.ExpireAtMs, record.Stamp.Sequence));
        return true;
    }

    public void Put(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        StoreLimits.Check(space, key.Length);
        StoreLimits.CheckValue(value.Length, expireAtMs);
        RecordStamp stamp = new(space, sequence, expireAtMs);
        Set(new MemoryRecord(stamp, key.ToArray(), value.ToArray(), MemoryRecords.HashOf(space, key)));
    }

    public bool Delete(KeySpace space, ReadOnlySpan<byte> key, ulong sequence)
    {
        if (!_records.TryGet(space, key, out MemoryRecord? record))
            return false;
        Uncount(record);
        _records.Remove(record);
        return true;
    }

    public void Clear(ulong sequence)
    {
        foreach (MemoryRecord record in _records.All)
        {
            if (record.Stamp.Space == KeySpace.User)
                Uncount(record);
        }
        _records.Clear(KeySpace.User);
    }

    public ulong ComputeContentHash()
    {
        StoreCounters anew = default;
        foreach (MemoryRecord record in _records.All)
        {
            uint crc = RecordHash.Crc(record.Stamp, record.Key, record.Value);
            anew.Add(record.Stamp, crc, record.Key.Length, record.Value.Length);
        }
        return anew.ContentHash;
    }

    public ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor) =>
        _records.Scan(cursor, Math.Max(1, recordsMax), record => visitor.Visit(record.Stamp.Space, record.Key,
            record.Value, record.Stamp.ExpireAtMs, record.Stamp.Sequence));

    public bool TryBeginCheckpoint(CheckpointState state)
    {
        if (_pendingState is not null)
            return false;
        _pendingBytes = MemoryCheckpointCodec.Write(state, _counters.ContentHash, [.. _records.All]);
        _pendingState = state;
        return true;
    }

    /// <summary>The blob is written here and not in the background, so that a run stays a function of its calls.
    /// </summary>
    public CheckpointState? PollCheckpoint()
    {
        CheckpointState? durable = _pendingState;
        if (durable is null)
            return null;
        _checkpoints.Write(_pendingBytes);
        _pendingState = null;
        _pendingBytes = [];
        return durable;
    }

    public ISnapshotSource? OpenSnapshot()
    {
        if (_checkpoints.ReadNewest(out string name) is not { } bytes)
            return null;
        CheckpointState state = MemoryCheckpointCodec.Read(name, bytes, out ulong contentHash, _ => { });
        return new MemorySnapshotSource(bytes, state, contentHash);
    }

    public IScrub? OpenScrub() => _checkpoints.OpenScrub();

    /// <summary>All it reads by itself is in memory.</summary>
    public StorageCorruptException? Damage => null;

    public void Dispose()
    {
    }

    internal CheckpointState Load(string name, byte[] bytes)
    {
        CheckpointState state = MemoryCheckpointCodec.Read(name, bytes, out ulong contentHash, Set);
        if (contentHash != _counters.ContentHash)
            throw new StorageCorruptException(name, 0, $"content hash {contentHash:x16}, found {ContentHash:x16}");
        return state;
    }

    private void Set(MemoryRecord record)
    {
        if (_records.TryGet(record.Stamp.Space, record.Key, out MemoryRecord? old))
            Uncount(old);
        _records.Set(record);
        _counters.Add(record.Stamp, record.Crc, record.Key.Length, record.Value.Length);
    }

    private void Uncount(MemoryRecord record) =>
        _counters.Remove(record.Stamp, record.Crc, record.Key.Length, record.Value.Length);
}
