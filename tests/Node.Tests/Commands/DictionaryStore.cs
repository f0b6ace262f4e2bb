using ShardStore.Storage;

namespace ShardStore.Node.Tests.Commands;

/// <summary>The smallest store: records in a list whose places never change, found by a dictionary.</summary>
internal sealed class DictionaryStore : IKeyValueStore
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<Entry?> _records = [];

    private sealed record Entry(KeySpace Space, byte[] Key, byte[] Value, long ExpireAtMs, ulong Sequence);

    public long KeyCount => Live.LongCount(entry => entry.Space == KeySpace.User);
    public long ExpiringCount => Live.LongCount(entry => entry.Space == KeySpace.User && entry.ExpireAtMs != 0);
    public long LiveBytes => Live.Sum(entry => (long)entry.Key.Length + entry.Value.Length);
    public long DiskBytes => 0;
    public ulong ContentHash => ComputeContentHash();

    private IEnumerable<Entry> Live => _records.Where(entry => entry != null)!;

    public bool TryRead(KeySpace space, ReadOnlySpan<byte> key, RecordBuffer into)
    {
        if (!_places.TryGetValue(Name(space, key), out var place))
            return false;
        var entry = _records[place]!;
        entry.Value.CopyTo(into.Reset(entry.Value.Length, entry.ExpireAtMs, entry.Sequence));
        return true;
    }

    public void Put(KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        var entry = new Entry(space, key.ToArray(), value.ToArray(), expireAtMs, sequence);
        var name = Name(space, key);
        if (_places.TryGetValue(name, out var place))
        {
            Assert.True(_records[place]!.Sequence <= sequence);
            _records[place] = entry;
            return;
        }
        _places[name] = _records.Count;
        _records.Add(entry);
    }

    public bool Delete(KeySpace space, ReadOnlySpan<byte> key, ulong sequence)
    {
        if (!_places.Remove(Name(space, key), out var place))
            return false;
        _records[place] = null;
        return true;
    }

    public void Clear(ulong sequence)
    {
        foreach (var entry in Live.Where(entry => entry.Space == KeySpace.User).ToList())
            Delete(entry.Space, entry.Key, sequence);
    }

    public ulong ComputeContentHash()
    {
        ulong sum = 0;
        foreach (var entry in Live)
        {
            var hash = 14695981039346656037UL ^ (ulong)entry.Space;
            foreach (var b in entry.Key.Concat(entry.Value))
                hash = (hash ^ b) * 1099511628211UL;
            sum += (hash ^ (ulong)entry.ExpireAtMs ^ (entry.Sequence << 7)) * 1099511628211UL;
        }
        return sum;
    }

    public ulong Scan(ulong cursor, int recordsMax, IRecordVisitor visitor)
    {
        var visited = 0;
        for (var place = (int)cursor; place < _records.Count; place++)
        {
            if (_records[place] is not { } entry)
                continue;
            if (visited++ == recordsMax)
                return (ulong)place;
            visitor.Visit(entry.Space, entry.Key, entry.Value, entry.ExpireAtMs, entry.Sequence);
        }
        return 0;
    }

    public bool TryBeginCheckpoint(CheckpointState state) => false;
    public CheckpointState? PollCheckpoint() => null;
    public ISnapshotSource? OpenSnapshot() => null;
    public IScrub? OpenScrub() => null;
    public StorageCorruptException? Damage => null;

    public void Dispose() => _records.Clear();

    private static string Name(KeySpace space, ReadOnlySpan<byte> key) => (char)space + Convert.ToHexString(key);
}
