using System.Diagnostics;

namespace ShardStore.Node.Clocks;

/// <summary>The machine's clocks.</summary>
public sealed class SystemClock : IClock
{
    public static readonly SystemClock Instance = new();

    private static readonly double MicrosPerTick = 1_000_000.0 / Stopwatch.Frequency;

    public long MonotonicMicros => (long)(Stopwatch.GetTimestamp() * MicrosPerTick);

    public long WallMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
