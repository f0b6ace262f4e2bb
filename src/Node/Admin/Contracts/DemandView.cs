using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>What clients ask of a shard and what it costs its leader.</summary>
public sealed record DemandView
{
    public required long AgeMs { get; init; }
    public required double ReadsPerSecond { get; init; }
    public required double WritesPerSecond { get; init; }
    public required double BytesInPerSecond { get; init; }
    public required double BytesOutPerSecond { get; init; }

    /// <summary>CPU attributed to the shard, in cores.</summary>
    public required double CpuCores { get; init; }

    public required double RequestMsP99 { get; init; }
    public required long SizeBytes { get; init; }

    public static DemandView Of(KnownDemand known, long nowMs) => new()
    {
        AgeMs = known.AgeMs(nowMs),
        ReadsPerSecond = known.Demand.ReadsPerSecond,
        WritesPerSecond = known.Demand.WritesPerSecond,
        BytesInPerSecond = known.Demand.BytesInPerSecond,
        BytesOutPerSecond = known.Demand.BytesOutPerSecond,
        CpuCores = known.Demand.CpuMicrosPerSecond / 1e6,
        RequestMsP99 = known.Demand.RequestMicrosP99 / 1000.0,
        SizeBytes = known.Demand.SizeBytes,
    };
}
