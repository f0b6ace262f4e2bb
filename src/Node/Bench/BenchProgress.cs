namespace ShardStore.Node.Bench;

/// <summary>What one second of a run brought.</summary>
public sealed record BenchProgress(
    int Second, long OpsPerSecond, double LatencyMsP50, double LatencyMsP99, long Errors, long Moved)
{
    /// <summary>One line for a terminal or a log.</summary>
    public override string ToString() =>
        $"{Second,4} s  {OpsPerSecond,9:N0} ops/s  p50 {LatencyMsP50,7:F2} ms  p99 {LatencyMsP99,7:F2} ms  "
        + $"errors {Errors}  moved {Moved}";
}
