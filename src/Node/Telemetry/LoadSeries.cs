namespace ShardStore.Node.Telemetry;

/// <summary>A copy of one series at one resolution. <paramref name="Values"/>: means, oldest first, NaN = not
/// measured.</summary>
public sealed record LoadSeries(int StepSeconds, long StartUnixMs, float[] Values)
{
    public static LoadSeries Empty(int stepSeconds) => new(stepSeconds, 0, []);
}
