using System.Diagnostics;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What keeps a node to its capacity.</summary>
public sealed class CpuLimitTests
{
    [Theory]
    [InlineData("nr_periods 10\nnr_throttled 4\nthrottled_time 2500000000\n", 2.5)]
    [InlineData("usage_usec 9\nnr_throttled 4\nthrottled_usec 2500000\n", 2.5)]
    [InlineData("", 0)]
    public void Both_versions_tell_how_long_they_held_a_process_back(string stat, double seconds) =>
        Assert.Equal(seconds, CpuLimit.ThrottledIn(stat));

    [Fact]
    public void Version_2_is_asked_in_its_own_words()
    {
        var root = Directory.CreateTempSubdirectory("shardstore-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(root, "cgroup.controllers"), "cpu memory");
            var limit = CpuLimit.Make("one", root);
            limit.Set(0.25);
            limit.Add(4711);
            Assert.Equal("5000 20000", File.ReadAllText(Path.Combine(root, "one", "cpu.max")));
            Assert.Equal("4711", File.ReadAllText(Path.Combine(root, "one", "cgroup.procs")));
            Assert.Equal("+cpu", File.ReadAllText(Path.Combine(root, "cgroup.subtree_control")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [CpuLimitFact]
    public async Task A_process_that_wants_a_core_gets_its_part_and_is_held_back()
    {
        using var limit = CpuLimit.Make($"shardstore-test-{Environment.ProcessId}");
        using var busy = Process.Start(new ProcessStartInfo("sh", ["-c", "while :; do :; done"]))!;
        try
        {
            limit.Set(0.2);
            limit.Add(busy.Id);
            var time = Stopwatch.StartNew();
            var before = busy.TotalProcessorTime;
            await Waiting.LastAsync(TimeSpan.FromSeconds(2));
            busy.Refresh();
            var cores = (busy.TotalProcessorTime - before).TotalSeconds / time.Elapsed.TotalSeconds;
            Assert.InRange(cores, 0.01, 0.3);
            Assert.True(limit.ThrottledSeconds > 0.2, $"held back for {limit.ThrottledSeconds} s");
        }
        finally
        {
            busy.Kill();
            await busy.WaitForExitAsync();
        }
    }
}
