using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Tests.Telemetry;

/// <summary>Counters that the test sets.</summary>
internal sealed class FakeReadings : INodeReadings
{
    public NodeReading Now { get; set; } = new(1_000_000, 0, 0);

    public NodeReading Read() => Now;

    public void Pass(double seconds, long cpuMicros = 0, long diskWriteBytes = 0) => Now = Now with
    {
        MonotonicMicros = Now.MonotonicMicros + (long)(seconds * 1e6),
        CpuMicros = Now.CpuMicros + cpuMicros,
        DiskWriteBytes = Now.DiskWriteBytes + diskWriteBytes,
    };
}
