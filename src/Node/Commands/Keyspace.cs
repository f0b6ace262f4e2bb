using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>A shard's user keys as they are at one moment: keys whose time has come are absent, though their records
/// may still be there. Writes carry one version, so every replica stores the same bytes.</summary>
public sealed class Keyspace(IKeyValueStore store, ExpiryTracker expiry)
{
    public IKeyValueStore Store { get; } = store;

    /// <summary>The effective time. Unit: Unix milliseconds.</summary>
    public long NowMs { get; set; }

    /// <summary>The time that the log has reached: what has expired by it is gone for all replicas and for good. At
    /// most <see cref="NowMs"/>.</summary>
    public long AgreedMs { get; set; }

    /// <summary>Set when a key was absent only because of this node's clock, not by <see cref="AgreedMs"/>. Another
    /// node's clock may be behind: whoever showed this absence could be contradicted.</summary>
    public bool RanAhead { get; set; }

    /// <summary>The version that writes get; never smaller than any before.</summary>
    public ulong Version { get; set; }

    /// <summary>The record of the last successful <see cref="TryRead"/>.</summary>
    public RecordBuffer Record { get; } = new();

    public bool TryRead(ReadOnlySpan<byte> key) => TryRead(KeySpace.User, key);

    public bool TryRead(KeySpace space, ReadOnlySpan<byte> key) =>
        Store.TryRead(space, key, Record) && !IsExpired(Record.ExpireAtMs);

    public bool IsExpired(long expireAtMs)
    {
        if (expireAtMs == 0 || expireAtMs > NowMs)
            return false;
        RanAhead |= expireAtMs > AgreedMs;
        return true;
    }

    /// <summary>Version of a key; 0 when it does not exist.</summary>
    public ulong VersionOf(ReadOnlySpan<byte> key) => TryRead(key) ? Record.Sequence : 0;

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs)
    {
        Store.Put(KeySpace.User, key, value, expireAtMs, Version);
        if (expireAtMs != 0)
            expiry.Add(key, expireAtMs);
    }

    public void PutSession(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs)
    {
        Store.Put(KeySpace.Session, key, value, expireAtMs, Version);
        expiry.SawSession();
    }

    /// <summary>False when there was no such key, or it had expired: its record is removed all the same.</summary>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        var existed = TryRead(key);
        Store.Delete(KeySpace.User, key, Version);
        return existed;
    }

    public void Clear() => Store.Clear(Version);
}
