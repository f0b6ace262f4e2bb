namespace ShardStore.Node.Backup;

/// <summary>A user's key in a backup. <paramref name="ExpireAtMs"/>: Unix milliseconds, 0 = never.</summary>
internal sealed record StoredRecord(byte[] Key, byte[] Value, long ExpireAtMs)
{
    public int Bytes => Key.Length + Value.Length;

    public bool IsExpired(long nowMs) => ExpireAtMs != 0 && ExpireAtMs <= nowMs;
}
