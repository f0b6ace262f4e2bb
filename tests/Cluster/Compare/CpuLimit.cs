using System.Globalization;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What the kernel lets one process use of the processors: a node only reports its CPU as a share of
/// `--capacity-cores` and never holds back, so that without this nothing saturates. A control group with a bandwidth
/// limit (Linux, sched-bwc), of version 1 or 2.</summary>
internal sealed class CpuLimit : IDisposable
{
    public const string Root = "/sys/fs/cgroup";

    /// <summary>Short, so that a node which has used its part waits for milliseconds and not for a tenth of a second:
    /// what is to be seen is the queue of a full node, not the clock of its limit. Unit: microseconds.</summary>
    public const long PeriodMicros = 20_000;

    private readonly string _folder;
    private readonly bool _isUnified;

    private CpuLimit(string folder, bool isUnified) => (_folder, _isUnified) = (folder, isUnified);

    /// <summary>Time that the process would have run and was not let. Unit: seconds.</summary>
    public double ThrottledSeconds => ThrottledIn(File.ReadAllText(Path.Combine(_folder, "cpu.stat")));

    /// <summary>Why there can be no limit here; null when there can.</summary>
    public static string? Missing(string root = Root)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "a CPU limit needs Linux and root";
        return IsUnified(root) || File.Exists(Path.Combine(root, "cpu", "cpu.cfs_quota_us"))
            ? null : $"{root} has no group that limits CPU";
    }

    /// <summary>A group without a limit and without a process.</summary>
    /// <param name="name">Of the group; no other one has it.</param>
    /// <param name="root">Where control groups are mounted.</param>
    public static CpuLimit Make(string name, string root = Root)
    {
        var isUnified = IsUnified(root);
        if (isUnified)
            File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+cpu");
        var folder = Path.Combine(root, isUnified ? "" : "cpu", name);
        Directory.CreateDirectory(folder);
        return new CpuLimit(folder, isUnified);
    }

    public void Add(int processId) => Write("cgroup.procs", Text(processId));

    /// <summary>From now on. At least a twentieth of a core: the kernel takes no less than a millisecond.</summary>
    public void Set(double cores)
    {
        var quota = (long)Math.Max(cores * PeriodMicros, PeriodMicros / 20.0);
        if (_isUnified)
        {
            Write("cpu.max", $"{Text(quota)} {Text(PeriodMicros)}");
            return;
        }
        Write("cpu.cfs_period_us", Text(PeriodMicros));
        Write("cpu.cfs_quota_us", Text(quota));
    }

    /// <summary>Version 1 counts nanoseconds, version 2 microseconds.</summary>
    internal static double ThrottledIn(string stat)
    {
        foreach (var line in stat.Split('\n'))
        {
            var words = line.Split(' ');
            if (words is ["throttled_time", var nanoseconds])
                return double.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1e9;
            if (words is ["throttled_usec", var microseconds])
                return double.Parse(microseconds, CultureInfo.InvariantCulture) / 1e6;
        }
        return 0;
    }

    /// <summary>Once its process has ended: the kernel keeps a group that has one.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private static bool IsUnified(string root) => File.Exists(Path.Combine(root, "cgroup.controllers"));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
