using System.Diagnostics;

namespace ShardStore.Node.Transport;

/// <summary>The machine's monotonic clock in microseconds. Only differences mean anything, and only on one machine.
/// </summary>
public static class MonotonicMicros
{
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
}
