namespace ShardStore.Node.Telemetry;

/// <summary>Sums of a <see cref="ShardMeter"/> at one moment. All but size and keys only grow.</summary>
public readonly record struct ShardTotals(long Reads, long Writes, long BytesIn, long BytesOut, long CpuMicros)
{
    public long SizeBytes { get; init; }
    public long KeyCount { get; init; }
}
