namespace ShardStore.Node.Telemetry;

/// <summary>What the node's own parts count for the sampler. Any thread may add; one add a socket read or a log sync,
/// not one a request, keeps the shared cache lines quiet.</summary>
public sealed class NodeCounters
{
    private long _networkInBytes;
    private long _networkOutBytes;
    private long _storedBytes;

    public LatencyHistogram FsyncLatency { get; } = new();

    /// <summary>For requests that no shard's meter sees; the sampler merges the meters in.</summary>
    public LatencyHistogram RequestLatency { get; } = new();

    public long NetworkInBytes => Interlocked.Read(ref _networkInBytes);
    public long NetworkOutBytes => Interlocked.Read(ref _networkOutBytes);
    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    /// <summary>Used part of the data directory's disk, and whether so little is left that writes are refused.
    /// </summary>
    public Func<(double UsedShare, bool IsLow)> Disk { get; set; } = () => (0, false);

    /// <summary>Stores and log segments that are damaged and not repaired yet.</summary>
    public Func<int> Damaged { get; set; } = () => 0;

    public void AddNetwork(long bytesIn, long bytesOut)
    {
        if (bytesIn != 0)
            Interlocked.Add(ref _networkInBytes, bytesIn);
        if (bytesOut != 0)
            Interlocked.Add(ref _networkOutBytes, bytesOut);
    }

    public void SetStoredBytes(long bytes) => Interlocked.Exchange(ref _storedBytes, bytes);
}
