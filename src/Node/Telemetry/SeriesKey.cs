namespace ShardStore.Node.Telemetry;

/// <summary>What a series is about. Persisted: never renumber.</summary>
public enum SeriesKind : byte
{
    Shard = 1,
    Node = 2,
}

/// <summary>What a series measures. Persisted: never renumber.</summary>
public enum LoadMetric : byte
{
    ReadsPerSecond = 1,
    WritesPerSecond = 2,

    /// <summary>In and out together, where they are not known apart.</summary>
    BytesPerSecond = 3,

    CpuMicrosPerSecond = 4,
    CpuShare = 5,
    MemoryShare = 6,
    NetworkBytesPerSecond = 7,
    DiskBytesPerSecond = 8,
    BytesInPerSecond = 9,
    BytesOutPerSecond = 10,

    /// <summary>CPU of a node that no shard accounts for.</summary>
    CpuUnattributedShare = 11,

    /// <summary>Reads and writes together, where they are not known apart.</summary>
    OpsPerSecond = 12,
}

/// <summary>Names one series of load. Ordered, so that batches are the same bytes on every node.</summary>
public readonly record struct SeriesKey(SeriesKind Kind, int Id, LoadMetric Metric) : IComparable<SeriesKey>
{
    public int CompareTo(SeriesKey other)
    {
        // Comparing enums as such allocates.
        var byKind = ((byte)Kind).CompareTo((byte)other.Kind);
        if (byKind != 0)
            return byKind;
        var byId = Id.CompareTo(other.Id);
        return byId != 0 ? byId : ((byte)Metric).CompareTo((byte)other.Metric);
    }

    public static bool operator <(SeriesKey left, SeriesKey right) => left.CompareTo(right) < 0;
    public static bool operator >(SeriesKey left, SeriesKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(SeriesKey left, SeriesKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(SeriesKey left, SeriesKey right) => left.CompareTo(right) >= 0;
}
