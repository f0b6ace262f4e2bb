namespace ShardStore.Node.Bench;

/// <summary>A histogram in a few numbers. All but the count in milliseconds.</summary>
public sealed record LatencySummary(
    long Count, double MeanMs, double MsP50, double MsP90, double MsP99, double MsP999, double MsMax)
{
    internal static LatencySummary Of(LatencyHistogram histogram) => new(
        histogram.Count, histogram.MeanMicros / 1000, histogram.PercentileMs(50), histogram.PercentileMs(90),
        histogram.PercentileMs(99), histogram.PercentileMs(99.9), histogram.MaxMicros / 1000.0);
}
