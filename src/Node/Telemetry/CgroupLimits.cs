using System.Globalization;

namespace ShardStore.Node.Telemetry;

/// <summary>What a container may use. Null = no limit there. Reads cgroup v2 (one tree) and v1 (a tree a controller);
/// inside a container the process's own group is the root of what it sees.</summary>
public sealed record CgroupLimits(double? CpuCores, long? MemoryBytes)
{
    /// <summary>v1 says "no limit" by a number near 2^63.</summary>
    private const long UnlimitedBytes = 1L << 60;

    /// <param name="root">Where /sys and /proc are: "/" but in tests.</param>
    public static CgroupLimits Read(string root = "/")
    {
        var mount = Path.Combine(root, "sys/fs/cgroup");
        if (File.Exists(Path.Combine(mount, "cgroup.controllers")))
            return ReadUnified(mount, GroupPath(root, ""));
        return new CgroupLimits(
            ReadCpuQuota(Path.Combine(mount, "cpu"), GroupPath(root, "cpu")),
            ReadMemoryLimit(Path.Combine(mount, "memory"), GroupPath(root, "memory")));
    }

    private static CgroupLimits ReadUnified(string mount, string group)
    {
        double? cores = null;
        long? memory = null;
        var max = ReadFirst(mount, group, "cpu.max")?.Split(' ');
        if (max is [var quota, var period] && TryNumber(quota, out var quotaMicros)
            && TryNumber(period, out var periodMicros) && quotaMicros > 0 && periodMicros > 0)
            cores = (double)quotaMicros / periodMicros;
        if (TryNumber(ReadFirst(mount, group, "memory.max"), out var bytes) && bytes < UnlimitedBytes)
            memory = bytes;
        return new CgroupLimits(cores, memory);
    }

    private static double? ReadCpuQuota(string mount, string group) =>
        TryNumber(ReadFirst(mount, group, "cpu.cfs_quota_us"), out var quota) && quota > 0
        && TryNumber(ReadFirst(mount, group, "cpu.cfs_period_us"), out var period) && period > 0
            ? (double)quota / period
            : null;

    private static long? ReadMemoryLimit(string mount, string group) =>
        TryNumber(ReadFirst(mount, group, "memory.limit_in_bytes"), out var bytes) && bytes < UnlimitedBytes
            ? bytes
            : null;

    /// <summary>The process's own group, else the root of the mount, which is where a container's group appears.
    /// </summary>
    private static string? ReadFirst(string mount, string group, string file)
    {
        foreach (var directory in new[] { Path.Combine(mount, group), mount })
        {
            var path = Path.Combine(directory, file);
            if (File.Exists(path))
                return File.ReadAllText(path).Trim();
        }
        return null;
    }

    /// <summary>Lines of /proc/self/cgroup: "4:memory:/path" (v1) and "0::/path" (v2).</summary>
    private static string GroupPath(string root, string controller)
    {
        var path = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(path))
            return "";
        foreach (var line in File.ReadLines(path))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[1].Split(',').Contains(controller))
                return parts[2].TrimStart('/');
        }
        return "";
    }

    private static bool TryNumber(string? text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
