using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>A node's latest sample and how old it is.</summary>
public sealed record UtilizationView
{
    public required long Sequence { get; init; }
    public required long AgeMs { get; init; }

    /// <summary>Share of the configured capacity, 0..1.</summary>
    public required double CpuShare { get; init; }

    /// <summary>The part of it that shards account for.</summary>
    public required double CpuAttributedShare { get; init; }

    public required long MemoryBytes { get; init; }
    public required double MemoryShare { get; init; }

    /// <summary>Used part of the disk that holds the data directory, 0..1.</summary>
    public double DiskShare { get; init; }

    /// <summary>So little disk is left that the node refuses writes.</summary>
    public bool IsDiskLow { get; init; }

    /// <summary>Something on the node's disk is damaged and not repaired yet.</summary>
    public bool IsDamaged { get; init; }
    public required double DiskReadBytesPerSecond { get; init; }
    public required double DiskWriteBytesPerSecond { get; init; }
    public required double NetworkInBytesPerSecond { get; init; }
    public required double NetworkOutBytesPerSecond { get; init; }
    public required double FsyncMsP99 { get; init; }
    public required double RequestMsP99 { get; init; }
    public required double ReadsPerSecond { get; init; }
    public required double WritesPerSecond { get; init; }
    public required double OpsPerSecond { get; init; }
    public required long StoredBytes { get; init; }

    public static UtilizationView Of(KnownNode known, long nowMs) => new()
    {
        Sequence = known.Utilization.Sequence,
        AgeMs = known.AgeMs(nowMs),
        CpuShare = known.Utilization.CpuShare,
        CpuAttributedShare = known.Utilization.CpuAttributedShare,
        MemoryBytes = known.Utilization.MemoryBytes,
        MemoryShare = known.Utilization.MemoryShare,
        DiskShare = known.Utilization.DiskShare,
        IsDiskLow = known.Utilization.IsDiskLow,
        IsDamaged = known.Utilization.IsDamaged,
        DiskReadBytesPerSecond = known.Utilization.DiskReadBytesPerSecond,
        DiskWriteBytesPerSecond = known.Utilization.DiskWriteBytesPerSecond,
        NetworkInBytesPerSecond = known.Utilization.NetworkInBytesPerSecond,
        NetworkOutBytesPerSecond = known.Utilization.NetworkOutBytesPerSecond,
        FsyncMsP99 = known.Utilization.FsyncMicrosP99 / 1000.0,
        RequestMsP99 = known.Utilization.RequestMicrosP99 / 1000.0,
        ReadsPerSecond = known.Utilization.ReadsPerSecond,
        WritesPerSecond = known.Utilization.WritesPerSecond,
        OpsPerSecond = known.Utilization.OpsPerSecond,
        StoredBytes = (long)known.Utilization.StoredBytes,
    };
}
