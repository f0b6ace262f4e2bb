namespace ShardStore.Node.Telemetry;

/// <summary>A copy of a <see cref="LatencyHistogram"/>'s counts: can be merged, subtracted and asked. One
/// thread.</summary>
public sealed class LatencyCounts
{
    internal readonly long[] Counts = new long[LatencyHistogram.BucketCount];

    public long Total
    {
        get
        {
            var total = 0L;
            foreach (var count in Counts)
                total += count;
            return total;
        }
    }

    public void Add(LatencyCounts other)
    {
        for (var bucket = 0; bucket < Counts.Length; bucket++)
            Counts[bucket] += other.Counts[bucket];
    }

    /// <summary>Leaves what came after <paramref name="earlier"/>, a copy of the same histogram.</summary>
    public void Subtract(LatencyCounts earlier)
    {
        for (var bucket = 0; bucket < Counts.Length; bucket++)
            Counts[bucket] = Math.Max(0, Counts[bucket] - earlier.Counts[bucket]);
    }

    public void CopyTo(LatencyCounts into) => Counts.CopyTo(into.Counts, 0);

    public void Clear() => Array.Clear(Counts);

    /// <summary>The value that <paramref name="fraction"/> (0..1) of the records do not exceed; 0 without records.
    /// </summary>
    public long PercentileMicros(double fraction)
    {
        var total = Total;
        if (total == 0)
            return 0;
        var rank = Math.Clamp((long)Math.Ceiling(fraction * total), 1, total);
        for (var bucket = 0; bucket < Counts.Length; bucket++)
        {
            rank -= Counts[bucket];
            if (rank <= 0)
                return LatencyHistogram.MiddleOf(bucket);
        }
        return LatencyHistogram.MicrosMax;
    }

    public long P50Micros => PercentileMicros(0.50);
    public long P99Micros => PercentileMicros(0.99);
    public long P999Micros => PercentileMicros(0.999);
    public long MaxMicros => PercentileMicros(1);
}
