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
    BytesPerSecond = 3,
    CpuMicrosPerSecond = 4,
    CpuShare = 5,
    MemoryShare = 6,
    NetworkBytesPerSecond = 7,
    DiskBytesPerSecond = 8,
}

/// <summary>Names one series of load. Ordered, so that batches are the same bytes on every node.</summary>
public readonly record struct SeriesKey(SeriesKind Kind, int Id, LoadMetric Metric) : IComparable<SeriesKey>
{
    public int CompareTo(SeriesKey other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        if (byKind != 0)
            return byKind;
        var byId = Id.CompareTo(other.Id);
        return byId != 0 ? byId : Metric.CompareTo(other.Metric);
    }

    public static bool operator <(SeriesKey left, SeriesKey right) => left.CompareTo(right) < 0;
    public static bool operator >(SeriesKey left, SeriesKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(SeriesKey left, SeriesKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(SeriesKey left, SeriesKey right) => left.CompareTo(right) >= 0;
}
