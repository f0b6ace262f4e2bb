using System.Runtime.InteropServices;

namespace ShardStore.Node.Hosting;

/// <summary>CPU time of the calling thread, which .NET does not tell.</summary>
public static partial class ThreadCpu
{
    private const int ClockThreadCpuTime = 3;

    /// <summary>Microseconds the calling thread has run.</summary>
    public static long Micros() =>
        ClockGetTime(ClockThreadCpuTime, out var time) == 0
            ? (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000)
            : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
