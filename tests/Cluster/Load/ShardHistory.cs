using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Load;

/// <summary>When the clients of one shard were served: the longest time between two acknowledged writes, which is what
/// an outage is to them.</summary>
internal sealed class ShardHistory(int shard)
{
    private readonly Lock _gate = new();
    private long _lastWrite = Stopwatch.GetTimestamp();
    private TimeSpan _longestGap;

    public int Shard => shard;

    public void OnWrite()
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            var gap = Stopwatch.GetElapsedTime(_lastWrite, now);
            _longestGap = gap > _longestGap ? gap : _longestGap;
            _lastWrite = now;
        }
    }

    /// <summary>Begins a new look; the gap that is open now counts in it.</summary>
    public void Reset()
    {
        lock (_gate)
            _longestGap = TimeSpan.Zero;
    }

    /// <summary>The gap that is still open included.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            lock (_gate)
            {
                var open = Stopwatch.GetElapsedTime(_lastWrite);
                return open > _longestGap ? open : _longestGap;
            }
        }
    }

    /// <summary>True when a write that began after <paramref name="timestamp"/> may have been acknowledged.</summary>
    public bool WroteSince(long timestamp)
    {
        lock (_gate)
            return _lastWrite > timestamp;
    }
}
