namespace ShardStore.Node.Telemetry;

/// <summary>
/// Once a second: the difference of two readings, as rates. Call <see cref="Sample"/> from one thread on a timer; it
/// reads no clock but the one in its readings, so a test drives it by hand. Meters come and go with their shards.
/// </summary>
public sealed class NodeSampler
{
    private readonly INodeReadings _readings;
    private readonly NodeCounters _counters;
    private readonly NodeCapacity _capacity;
    private readonly Lock _metersLock = new();
    private readonly SortedDictionary<int, ShardSampler> _shards = [];
    private readonly LatencyCounts _scratch = new();
    private readonly LatencyCounts _requests = new();
    private readonly LatencyCounts _requestsSeen = new();
    private readonly LatencyCounts _fsyncSeen = new();
    private uint _sequence;
    private NodeReading _last;
    private long _networkInLast;
    private long _networkOutLast;

    /// <param name="capacity">What the shares are shares of.</param>
    /// <param name="firstSequence">Must be higher after a restart than before it, so that blocks from before are
    /// recognised as old: the caller passes unix seconds.</param>
    public NodeSampler(INodeReadings readings, NodeCounters counters, NodeCapacity capacity, uint firstSequence)
    {
        _readings = readings;
        _counters = counters;
        _capacity = capacity;
        _sequence = firstSequence;
        _last = readings.Read();
        _networkInLast = counters.NetworkInBytes;
        _networkOutLast = counters.NetworkOutBytes;
    }

    /// <summary>The newest sample, or one with only zeros before the first. Any thread.</summary>
    public NodeSample Latest { get; private set; } = NodeSample.None;

    /// <summary>Any thread. A shard that comes back brings a new meter.</summary>
    public void AddMeter(ShardMeter meter)
    {
        lock (_metersLock)
            _shards[meter.ShardId] = new ShardSampler(meter);
    }

    public void RemoveMeter(int shardId)
    {
        lock (_metersLock)
            _shards.Remove(shardId);
    }

    /// <summary>Null when no time has passed since the last sample: a rate would be meaningless.</summary>
    public NodeSample? Sample()
    {
        var now = _readings.Read();
        var seconds = (now.MonotonicMicros - _last.MonotonicMicros) / 1e6;
        if (seconds <= 0)
            return null;
        _requests.Clear();
        var demands = SampleShards(seconds);
        AddWindow(_counters.RequestLatency, _requestsSeen, _requests);
        var utilization = Utilization(now, seconds, demands);
        _last = now;
        Latest = new NodeSample(utilization, demands, now.MonotonicMicros / 1000);
        return Latest;
    }

    private ShardDemand[] SampleShards(double seconds)
    {
        lock (_metersLock)
        {
            var demands = new ShardDemand[_shards.Count];
            var at = 0;
            foreach (var shard in _shards.Values)
                demands[at++] = shard.Sample(seconds, _scratch, _requests);
            return demands;
        }
    }

    private NodeUtilization Utilization(in NodeReading now, double seconds, ShardDemand[] demands)
    {
        double reads = 0, writes = 0, cpuMicros = 0;
        foreach (var demand in demands)
        {
            reads += demand.ReadsPerSecond;
            writes += demand.WritesPerSecond;
            cpuMicros += demand.CpuMicrosPerSecond;
        }
        var networkIn = _counters.NetworkInBytes;
        var networkOut = _counters.NetworkOutBytes;
        var (diskShare, isDiskLow) = _counters.Disk();
        var utilization = new NodeUtilization(_capacity.Node, _sequence++)
        {
            CpuShare = Rate(now.CpuMicros - _last.CpuMicros, seconds * 1e6 * _capacity.Cores),
            CpuAttributedShare = (float)(cpuMicros / (1e6 * _capacity.Cores)),
            MemoryBytes = now.MemoryBytes,
            MemoryShare = Rate(now.MemoryBytes, _capacity.MemoryBytes),
            DiskShare = (float)diskShare,
            IsDiskLow = isDiskLow,
            IsDamaged = _counters.Damaged() > 0,
            DiskReadBytesPerSecond = Rate(now.DiskReadBytes - _last.DiskReadBytes, seconds),
            DiskWriteBytesPerSecond = Rate(now.DiskWriteBytes - _last.DiskWriteBytes, seconds),
            NetworkInBytesPerSecond = Rate(networkIn - _networkInLast, seconds),
            NetworkOutBytesPerSecond = Rate(networkOut - _networkOutLast, seconds),
            FsyncMicrosP99 = FsyncP99(),
            RequestMicrosP99 = (uint)_requests.P99Micros,
            ReadsPerSecond = (float)reads,
            WritesPerSecond = (float)writes,
            StoredBytes = _counters.StoredBytes,
        };
        _networkInLast = networkIn;
        _networkOutLast = networkOut;
        return utilization;
    }

    private uint FsyncP99()
    {
        _scratch.Clear();
        AddWindow(_counters.FsyncLatency, _fsyncSeen, _scratch);
        return (uint)_scratch.P99Micros;
    }

    private static void AddWindow(LatencyHistogram histogram, LatencyCounts seen, LatencyCounts into)
    {
        var now = new LatencyCounts();
        histogram.CopyTo(now);
        into.Add(now);
        into.Subtract(seen);
        now.CopyTo(seen);
    }

    private static float Rate(double amount, double per) => (float)Math.Max(0, amount / per);
}
