namespace ShardStore.Storage.Log;

/// <summary>Remembers which segments are damaged and what is to be done until they are gone. Since space only comes
/// back from the oldest end, all segments up to the newest damaged one are emptied: what is live is copied to the end
/// of the log, from memory or after its checksum was compared; entries that cannot be read are named, for their owners
/// to checkpoint past them. Guarded by the log's gate.</summary>
internal sealed class LogEvacuation
{
    private const int DamageMax = 1000;
    private readonly SortedDictionary<ulong, LogDamage> _damage = [];
    private readonly List<LogDamage> _seen = [];
    private readonly SortedDictionary<ulong, ulong> _unreadable = [];

    /// <summary>Segments up to this number are to go; 0 = none.</summary>
    public ulong Through { get; private set; }

    public IReadOnlyList<LogDamage> Damage => [.. _damage.Values];

    /// <summary>All since the log was opened, in the order it was found: some is gone before anybody looks.</summary>
    public IReadOnlyList<LogDamage> SeenAfter(int count) => [.. _seen.Skip(count)];

    /// <summary>True for damage that was not known.</summary>
    public bool TryAdd(ulong segment, StorageCorruptException failure)
    {
        var damage = new LogDamage(segment, failure);
        if (_seen.Count >= DamageMax || !_damage.TryAdd(segment, damage))
            return false;
        _seen.Add(damage);
        Through = Math.Max(Through, segment);
        return true;
    }

    /// <summary>Nothing of the stream up to this position is read any more, nor copied.</summary>
    public void GiveUp(ulong stream, ulong position) =>
        _unreadable[stream] = Math.Max(position, GivenUp(stream));

    /// <summary>The stream goes on from here with another entry: what is written now can be read, and its owner may
    /// never get as far as what it replaced.</summary>
    public void OnRewritten(ulong stream, ulong position)
    {
        if (_unreadable.Count > 0 && GivenUp(stream) >= position)
            _unreadable[stream] = position - 1;
    }

    /// <summary>Last position of the stream that was given up; 0 = none.</summary>
    public ulong GivenUp(ulong stream) => _unreadable.GetValueOrDefault(stream);

    /// <summary>What was given up and is still held.</summary>
    public List<(ulong Stream, ulong Position)> Unreadable(LogIndex index)
    {
        List<(ulong, ulong)> held = [];
        foreach (var (stream, position) in _unreadable)
        {
            if (index.Find(stream) is { } found && found.Count > 0 && found.First <= position)
                held.Add((stream, position));
        }
        return held;
    }

    /// <summary>The oldest segments were deleted.</summary>
    public void OnOldest(ulong number)
    {
        while (_damage.Count > 0 && _damage.First().Key < number)
            _damage.Remove(_damage.First().Key);
        if (_damage.Count > 0)
            return;
        Through = 0;
        _unreadable.Clear();
    }
}
