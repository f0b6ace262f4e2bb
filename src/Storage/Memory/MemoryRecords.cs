using System.Diagnostics.CodeAnalysis;

namespace ShardStore.Storage.Memory;

/// <summary>Records in the order of (hash of the key, space, key). The order depends on nothing but the keys, so a
/// scan gives the same result on every replica and in every run; a cursor is the next hash to look at, so it outlives
/// inserts and deletes.</summary>
internal sealed class MemoryRecords
{
    /// <summary>Hashes use 63 bits so that one more than the last still fits a cursor.</summary>
    private const ulong HashMax = ulong.MaxValue >> 1;

    private readonly SortedSet<MemoryRecord> _sorted = new(RecordOrder.Instance);

    public IEnumerable<MemoryRecord> All => _sorted;

    public bool TryGet(KeySpace space, ReadOnlySpan<byte> key, [NotNullWhen(true)] out MemoryRecord? found) =>
        _sorted.TryGetValue(Probe(space, key), out found);

    public void Set(MemoryRecord record)
    {
        _sorted.Remove(record);
        _sorted.Add(record);
    }

    public void Remove(MemoryRecord record) => _sorted.Remove(record);

    public void Clear(KeySpace space) => _sorted.RemoveWhere(record => record.Stamp.Space == space);

    /// <summary>Records of one hash are never parted: the cursor could not tell which of them came last.</summary>
    public ulong Scan(ulong cursor, int recordsMax, Action<MemoryRecord> visit)
    {
        if (cursor > HashMax || _sorted.Count == 0)
            return 0;
        int visited = 0;
        ulong hash = 0;
        MemoryRecord from = new(default, [], [], cursor);
        MemoryRecord last = _sorted.Max!;
        if (RecordOrder.Instance.Compare(from, last) > 0)
            return 0;
        foreach (MemoryRecord record in _sorted.GetViewBetween(from, last))
        {
            if (visited >= recordsMax && record.KeyHash != hash)
                return record.KeyHash;
            visit(record);
            hash = record.KeyHash;
            visited++;
        }
        return 0;
    }

    public static ulong HashOf(KeySpace space, ReadOnlySpan<byte> key) => RecordHash.OfKey(space, key) & HashMax;

    private static MemoryRecord Probe(KeySpace space, ReadOnlySpan<byte> key) =>
        new(new RecordStamp(space, 0, 0), key.ToArray(), [], HashOf(space, key));

    private sealed class RecordOrder : IComparer<MemoryRecord>
    {
        public static readonly RecordOrder Instance = new();

        public int Compare(MemoryRecord? left, MemoryRecord? right)
        {
            int byHash = left!.KeyHash.CompareTo(right!.KeyHash);
            if (byHash != 0)
                return byHash;
            int bySpace = left.Stamp.Space.CompareTo(right.Stamp.Space);
            return bySpace != 0 ? bySpace : left.Key.AsSpan().SequenceCompareTo(right.Key);
        }
    }
}

/// <summary>One record; never changed once it is in.</summary>
internal sealed record MemoryRecord(RecordStamp Stamp, byte[] Key, byte[] Value, ulong KeyHash)
{
    public uint Crc { get; } = RecordHash.Crc(Stamp, Key, Value);
}
