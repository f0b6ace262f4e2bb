namespace ShardStore.Node.Backup;

/// <summary>Counts of a restore. Safe from any thread.</summary>
internal sealed class RestoreTally
{
    private long _written;
    private long _expired;
    private long _readBack;
    private long _userBytes;

    public long Written => Interlocked.Read(ref _written);
    public long Expired => Interlocked.Read(ref _expired);
    public long ReadBack => Interlocked.Read(ref _readBack);
    public long UserBytes => Interlocked.Read(ref _userBytes);

    public void OnWritten(StoredRecord record)
    {
        Interlocked.Increment(ref _written);
        Interlocked.Add(ref _userBytes, record.Bytes);
    }

    public void OnExpired() => Interlocked.Increment(ref _expired);

    public void OnReadBack() => Interlocked.Increment(ref _readBack);
}
