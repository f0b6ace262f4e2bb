using ShardStore.Node.Telemetry;
using Xunit;

namespace ShardStore.Node.Tests.Telemetry;

public sealed class CgroupLimitsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cgroup").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Version_2_gives_cores_and_bytes()
    {
        Write("sys/fs/cgroup/cgroup.controllers", "cpu memory");
        Write("proc/self/cgroup", "0::/app/one\n");
        Write("sys/fs/cgroup/app/one/cpu.max", "150000 100000\n");
        Write("sys/fs/cgroup/app/one/memory.max", "536870912\n");
        Assert.Equal(new CgroupLimits(1.5, 536870912), CgroupLimits.Read(_root));
    }

    [Fact]
    public void Version_2_inside_a_container_sees_its_group_as_root()
    {
        Write("sys/fs/cgroup/cgroup.controllers", "cpu memory");
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", "50000 100000");
        Write("sys/fs/cgroup/memory.max", "max");
        Assert.Equal(new CgroupLimits(0.5, null), CgroupLimits.Read(_root));
    }

    [Fact]
    public void Version_1_gives_cores_and_bytes()
    {
        Write("proc/self/cgroup", "4:memory:/box\n3:cpuset:/\n1:cpu,cpuacct:/box\n");
        Write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "25000");
        Write("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000");
        Write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1048576");
        Assert.Equal(new CgroupLimits(0.25, 1048576), CgroupLimits.Read(_root));
    }

    [Fact]
    public void Version_1_says_no_limit_by_minus_one_and_a_huge_number()
    {
        Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        Assert.Equal(new CgroupLimits(null, null), CgroupLimits.Read(_root));
    }

    [Fact]
    public void A_machine_without_cgroups_has_no_limits() =>
        Assert.Equal(new CgroupLimits(null, null), CgroupLimits.Read(_root));

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
