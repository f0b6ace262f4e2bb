namespace ShardStore.Node.Telemetry;

/// <summary>Counters at one moment; rates are differences of two. <paramref name="MonotonicMicros"/> never jumps.
/// </summary>
public readonly record struct NodeReading(long MonotonicMicros, long CpuMicros, long MemoryBytes)
{
    public long DiskReadBytes { get; init; }
    public long DiskWriteBytes { get; init; }
}
