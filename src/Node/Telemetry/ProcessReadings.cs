using System.Diagnostics;
using System.Globalization;

namespace ShardStore.Node.Telemetry;

/// <summary>Reads this process's counters: CPU from the runtime, memory and disk from /proc. On a system without
/// /proc disk counts as 0.</summary>
public sealed class ProcessReadings(string procDirectory = "/proc/self") : INodeReadings
{
    private readonly string _ioPath = Path.Combine(procDirectory, "io");

    public NodeReading Read()
    {
        var micros = (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));
        var cpuMicros = (long)Environment.CpuUsage.TotalTime.TotalMicroseconds;
        var (read, written) = ReadDiskBytes();
        return new NodeReading(micros, cpuMicros, Environment.WorkingSet)
        {
            DiskReadBytes = read,
            DiskWriteBytes = written,
        };
    }

    /// <summary>read_bytes and write_bytes: what reached the block layer, not what the page cache served. They are not
    /// readable inside some sandboxes; then disk is reported as 0.</summary>
    private (long Read, long Written) ReadDiskBytes()
    {
        string text;
        try
        {
            text = File.ReadAllText(_ioPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (0, 0);
        }
        return (FieldOf(text, "read_bytes:"), FieldOf(text, "\nwrite_bytes:"));
    }

    private static long FieldOf(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
            return 0;
        var rest = text.AsSpan(at + name.Length);
        var end = rest.IndexOf('\n');
        var field = (end < 0 ? rest : rest[..end]).Trim();
        return long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
