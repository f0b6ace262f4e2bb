namespace ShardStore.Storage.Log;

/// <summary>What a log has done since it was opened. Written by the committing thread, read by any.</summary>
public sealed class LogCounters
{
    private const int SamplesKept = 512;

    private readonly int[] _syncMicros = new int[SamplesKept];
    private long _commits;
    private long _syncs;
    private long _bytes;
    private long _bytesCopied;
    private long _diskReads;
    private int _syncMicrosLast;

    public long Commits => Volatile.Read(ref _commits);
    public long Syncs => Volatile.Read(ref _syncs);

    /// <summary>Bytes written, headers and copies included.</summary>
    public long BytesWritten => Volatile.Read(ref _bytes);

    /// <summary>Bytes of live records moved out of old segments.</summary>
    public long BytesCopied => Volatile.Read(ref _bytesCopied);

    /// <summary>Entries read from disk because they were no longer cached.</summary>
    public long DiskReads => Volatile.Read(ref _diskReads);

    public int SyncMicrosLast => Volatile.Read(ref _syncMicrosLast);

    /// <summary>Of the last 512 syncs; 0 before the first. <paramref name="quantile"/> is in 0..1.</summary>
    public int SyncMicros(double quantile)
    {
        var count = (int)Math.Min(Syncs, SamplesKept);
        if (count == 0)
            return 0;
        Span<int> sorted = stackalloc int[count];
        _syncMicros.AsSpan(0, count).CopyTo(sorted);
        sorted.Sort();
        return sorted[Math.Clamp((int)(quantile * count), 0, count - 1)];
    }

    internal void CountCommit(long bytes, long bytesCopied, TimeSpan sync)
    {
        var micros = (int)Math.Min(int.MaxValue, sync.TotalMicroseconds);
        _syncMicros[_syncs % SamplesKept] = micros;
        Volatile.Write(ref _syncMicrosLast, micros);
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _bytesCopied, _bytesCopied + bytesCopied);
        Volatile.Write(ref _commits, _commits + 1);
        Volatile.Write(ref _syncs, _syncs + 1);
    }

    internal void CountDiskRead() => Interlocked.Increment(ref _diskReads);
}
