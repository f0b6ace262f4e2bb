using System.Numerics;

namespace ShardStore.Node.Bench;

/// <summary>
/// Counts by latency, log-linear: each power of two is cut into 64 equal buckets, so a percentile is at most 1.6 %
/// too large, from one microsecond to an hour, in 15 KiB. Any thread may record; reading while others record sees
/// some of what they add.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private const long MicrosMax = 3_600_000_000;

    private readonly long[] _counts = new long[IndexOf(MicrosMax) + 1];
    private long _sumMicros;
    private long _maxMicros;

    public long Count => _counts.Sum();

    public long MaxMicros => Volatile.Read(ref _maxMicros);

    public double MeanMicros => Count == 0 ? 0 : (double)Volatile.Read(ref _sumMicros) / Count;

    /// <summary>Values beyond an hour count as an hour; the maximum stays true.</summary>
    public void Record(long micros)
    {
        micros = Math.Max(micros, 0);
        Interlocked.Increment(ref _counts[IndexOf(Math.Min(micros, MicrosMax))]);
        Interlocked.Add(ref _sumMicros, micros);
        var max = Volatile.Read(ref _maxMicros);
        while (micros > max)
        {
            var seen = Interlocked.CompareExchange(ref _maxMicros, micros, max);
            if (seen == max)
                break;
            max = seen;
        }
    }

    /// <summary>The upper edge of the bucket that holds the percentile, and never more than the maximum. 0 when
    /// nothing was recorded.</summary>
    public double PercentileMs(double percent)
    {
        var total = Count;
        if (total == 0)
            return 0;
        var rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * total));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank)
                return Math.Min(UpperEdge(i), MaxMicros) / 1000.0;
        }
        return MaxMicros / 1000.0;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += Volatile.Read(ref other._counts[i]);
        _sumMicros += Volatile.Read(ref other._sumMicros);
        _maxMicros = Math.Max(_maxMicros, other.MaxMicros);
    }

    /// <summary>What was recorded here since <paramref name="earlier"/> was copied from here. Its maximum is that of
    /// the whole.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        var difference = new LatencyHistogram();
        for (var i = 0; i < _counts.Length; i++)
            difference._counts[i] = Volatile.Read(ref _counts[i]) - earlier._counts[i];
        difference._sumMicros = Volatile.Read(ref _sumMicros) - earlier._sumMicros;
        difference._maxMicros = MaxMicros;
        return difference;
    }

    public LatencyHistogram Copy()
    {
        var copy = new LatencyHistogram();
        copy.Add(this);
        return copy;
    }

    // Below 64 each value has its bucket; above, the top seven bits of the value choose it.
    private static int IndexOf(long micros)
    {
        if (micros < SubBuckets)
            return (int)micros;
        var shift = BitOperations.Log2((ulong)micros) - SubBucketBits;
        return (shift * SubBuckets) + (int)(micros >> shift);
    }

    private static long UpperEdge(int index)
    {
        if (index < 2 * SubBuckets)
            return index;
        var shift = (index / SubBuckets) - 1;
        var sub = index - (shift * SubBuckets);
        return ((sub + 1L) << shift) - 1;
    }
}
