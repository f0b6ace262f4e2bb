namespace ShardStore.Node.Telemetry;

/// <summary>Turns one shard's growing sums into rates. One thread, that of the node's sampler.</summary>
internal sealed class ShardSampler(ShardMeter meter)
{
    private readonly LatencyCounts _seen = new();
    private ShardTotals _last = meter.Totals();

    public ShardMeter Meter { get; } = meter;

    /// <summary>Adds the window's latencies to <paramref name="nodeLatency"/>. <paramref name="scratch"/> is any
    /// counts object; it is overwritten.</summary>
    public ShardDemand Sample(double seconds, LatencyCounts scratch, LatencyCounts nodeLatency)
    {
        var totals = Meter.Totals();
        Meter.Latency.CopyTo(scratch);
        var window = WindowP99(scratch, nodeLatency);
        var demand = new ShardDemand(
            Meter.ShardId, Rate(totals.Reads, _last.Reads, seconds), Rate(totals.Writes, _last.Writes, seconds))
        {
            BytesInPerSecond = Rate(totals.BytesIn, _last.BytesIn, seconds),
            BytesOutPerSecond = Rate(totals.BytesOut, _last.BytesOut, seconds),
            CpuMicrosPerSecond = Rate(totals.CpuMicros, _last.CpuMicros, seconds),
            RequestMicrosP99 = window,
            SizeBytes = totals.SizeBytes,
        };
        _last = totals;
        return demand;
    }

    private uint WindowP99(LatencyCounts now, LatencyCounts nodeLatency)
    {
        for (var bucket = 0; bucket < now.Counts.Length; bucket++)
        {
            var total = now.Counts[bucket];
            now.Counts[bucket] = total - _seen.Counts[bucket];
            _seen.Counts[bucket] = total;
        }
        nodeLatency.Add(now);
        return (uint)now.P99Micros;
    }

    private static float Rate(long now, long before, double seconds) => (float)(Math.Max(0, now - before) / seconds);
}
