namespace ShardStore.Node.Telemetry;

/// <summary>What clients ask of one shard and what that costs its leader, as rates per second over one
/// sample.</summary>
public readonly record struct ShardDemand(int ShardId, float ReadsPerSecond, float WritesPerSecond)
{
    public float BytesInPerSecond { get; init; }
    public float BytesOutPerSecond { get; init; }

    /// <summary>CPU attributed to the shard. Unit: microseconds per second (1,000,000 = one core).</summary>
    public float CpuMicrosPerSecond { get; init; }

    public uint RequestMicrosP99 { get; init; }
    public long SizeBytes { get; init; }
}
