using System.Diagnostics;

namespace ShardStore.Node.Backup;

/// <summary>Holds several streams together below a rate: whoever is ahead of it waits. Safe from any thread.</summary>
internal sealed class RatePace(double bytesPerSecondMax)
{
    /// <summary>What a pause leaves unused is not caught up beyond this. Unit: seconds of the rate.</summary>
    private const double BurstSeconds = 0.25;

    private readonly Lock _lock = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private double _dueSeconds;

    public async ValueTask SpendAsync(int bytes, CancellationToken stop)
    {
        if (bytesPerSecondMax <= 0)
            return;
        var ahead = Take(bytes);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, stop);
    }

    private TimeSpan Take(int bytes)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            _dueSeconds = Math.Max(_dueSeconds, now - BurstSeconds) + (bytes / bytesPerSecondMax);
            return TimeSpan.FromSeconds(Math.Max(0, _dueSeconds - now));
        }
    }
}
