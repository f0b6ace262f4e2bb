namespace ShardStore.Node.Telemetry;

/// <summary>One sample of one node: what its load costs it. Travels as the fixed part of a utilization block.</summary>
public readonly record struct NodeUtilization(int Node, uint Sequence)
{
    /// <summary>Process CPU as a share of the node's configured capacity; 1 = all of it.</summary>
    public float CpuShare { get; init; }

    /// <summary>The part of <see cref="CpuShare"/> that shards account for. The rest is unattributed, and said so.
    /// </summary>
    public float CpuAttributedShare { get; init; }

    /// <summary>Resident memory.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Resident memory as a share of what the process may use (container limit, else the machine).</summary>
    public float MemoryShare { get; init; }

    /// <summary>Used part of the disk that holds the data directory. Travels with three digits.</summary>
    public float DiskShare { get; init; }

    /// <summary>So little disk is left that this node refuses writes.</summary>
    public bool IsDiskLow { get; init; }

    /// <summary>Something on the disk is damaged and not repaired yet.</summary>
    public bool IsDamaged { get; init; }

    public float DiskReadBytesPerSecond { get; init; }
    public float DiskWriteBytesPerSecond { get; init; }
    public float NetworkInBytesPerSecond { get; init; }
    public float NetworkOutBytesPerSecond { get; init; }
    public uint FsyncMicrosP99 { get; init; }
    public uint RequestMicrosP99 { get; init; }
    public float ReadsPerSecond { get; init; }
    public float WritesPerSecond { get; init; }

    /// <summary>Bytes of the node's data directory.</summary>
    public float StoredBytes { get; init; }

    public float OpsPerSecond => ReadsPerSecond + WritesPerSecond;
}
