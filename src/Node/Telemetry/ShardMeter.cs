using System.Diagnostics;

namespace ShardStore.Node.Telemetry;

/// <summary>
/// What one shard replica has cost and served since it was opened. Written by the shard's own thread with plain adds
/// and read by the sampler without a lock: 64-bit fields cannot tear, and a sum read a moment late is made up for by
/// the next sample. Nothing here is ever reset, so that two readers cannot steal from each other.
/// </summary>
public sealed class ShardMeter(int shardId)
{
    private long _reads;
    private long _writes;
    private long _bytesIn;
    private long _bytesOut;
    private long _cpuTicks;
    private long _sizeBytes;
    private long _keyCount;

    public int ShardId { get; } = shardId;

    /// <summary>Request latency as the leader saw it, from arrival to reply.</summary>
    public LatencyHistogram Latency { get; } = new();

    public void AddRead(long bytesIn, long bytesOut)
    {
        Grow(ref _reads, 1);
        Grow(ref _bytesIn, bytesIn);
        Grow(ref _bytesOut, bytesOut);
    }

    public void AddWrite(long bytesIn, long bytesOut)
    {
        Grow(ref _writes, 1);
        Grow(ref _bytesIn, bytesIn);
        Grow(ref _bytesOut, bytesOut);
    }

    /// <summary>Time the thread worked for this shard. Unit: <see cref="Stopwatch"/> ticks; the caller takes one
    /// timestamp before and one after a batch, never one a request.</summary>
    public void AddCpuTicks(long ticks) => Grow(ref _cpuTicks, ticks);

    public void SetSize(long liveBytes, long keyCount)
    {
        Volatile.Write(ref _sizeBytes, liveBytes);
        Volatile.Write(ref _keyCount, keyCount);
    }

    public ShardTotals Totals() => new(
        Volatile.Read(ref _reads), Volatile.Read(ref _writes), Volatile.Read(ref _bytesIn),
        Volatile.Read(ref _bytesOut), TicksToMicros(Volatile.Read(ref _cpuTicks)))
    {
        SizeBytes = Volatile.Read(ref _sizeBytes),
        KeyCount = Volatile.Read(ref _keyCount),
    };

    private static long TicksToMicros(long ticks) => (long)(ticks * (1e6 / Stopwatch.Frequency));

    private static void Grow(ref long field, long by) => Volatile.Write(ref field, field + by);
}
