using ShardStore.Node.Bench;

namespace ShardStore.Node.Demo;

/// <summary>What came of a load: counts, latencies by the second a request was due in, and a fingerprint of what was
/// asked, which is the same for the same load in whatever order it was sent. Any thread adds.</summary>
internal sealed class DemoTraffic
{
    private readonly LatencyHistogram[] _bySecond;
    private long _offered;
    private long _fingerprint;

    public DemoTraffic(double seconds)
    {
        _bySecond = new LatencyHistogram[(int)Math.Ceiling(seconds) + 1];
        for (var i = 0; i < _bySecond.Length; i++)
            _bySecond[i] = new LatencyHistogram();
    }

    /// <summary>What redirects and errors are counted in.</summary>
    public BenchTally Tally { get; } = new();

    /// <summary>Requests sent, with an answer or not.</summary>
    public long Offered => Volatile.Read(ref _offered);

    public ulong Fingerprint => (ulong)Volatile.Read(ref _fingerprint);

    /// <summary>A sum, since requests of several workers have no order among themselves.</summary>
    public void OnOffered(long page, bool isWrite, double dueS)
    {
        Interlocked.Increment(ref _offered);
        var mixed = unchecked((ulong)BitConverter.DoubleToInt64Bits(dueS) ^ ((ulong)page << 1) ^ (isWrite ? 1UL : 0));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        Interlocked.Add(ref _fingerprint, (long)(mixed ^ (mixed >> 31)));
    }

    public void OnDone(double dueS, long micros) =>
        _bySecond[Math.Clamp((int)dueS, 0, _bySecond.Length - 1)].Record(micros);

    /// <summary>Of the requests due from one second to before another.</summary>
    public LatencySummary Between(int from, int to)
    {
        var all = new LatencyHistogram();
        foreach (var second in _bySecond.AsSpan(from, Math.Max(0, Math.Min(to, _bySecond.Length) - from)))
            all.Add(second);
        return LatencySummary.Of(all);
    }
}
