using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Disks;

/// <summary>The kernel fails one sync of the real program, once: whoever tried it again would be told that all is well,
/// and would have lost what the kernel dropped.</summary>
public sealed class FailedSyncTests(ITestOutputHelper output)
{
    private const string Strace = "/usr/bin/strace";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [ToolTheory(Strace)]
    [InlineData("fdatasync", "EIO", "Input/output error, errno 5")]
    [InlineData("fdatasync", "ENOSPC", "No space left on device, errno 28")]
    [InlineData("fsync", "EIO", "Input/output error, errno 5")]
    public async Task One_failed_sync_ends_the_node_in_one_line_and_loses_nothing_acknowledged(
        string call, string error, string reason)
    {
        // A checkpoint syncs its directories; so few bytes a checkpoint make the failing one come soon.
        var shape = new ClusterShape { Nodes = 1, Replicas = 1, Shards = 4, CheckpointMb = 1, OnDisk = true };
        await using var cluster = await ClusterProcess.StartAsync(shape);
        await using var load = await CheckedLoad.StartAsync(
            cluster.Endpoints, new LoadShape { Shards = 4, ValueBytes = 20_000 });
        await load.WaitServedAsync(Patience);
        await cluster.StopAsync(0);
        cluster.StartUnder(0, FailOne(call, error, afterCalls: call == "fsync" ? 20 : 150));
        var (exitCode, errors) = await cluster.WaitEndAsync(0, Patience);
        cluster.Start(0);
        await cluster.WaitReadyAsync();
        await load.WaitServedAsync(Patience);
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        _figures.Write($"{error} from one {call}: exit code {exitCode}; {counts}, {load.KeysWritten} keys read back, "
            + $"{lost.Count} lost; stderr: {errors.Trim()}");
        Assert.Equal(1, exitCode);
        // Before it there may be warnings, in a log's form.
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("shardstore: node n1: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        foreach (var word in new[] { call, cluster.DirOf(0), reason, "start the node again" })
            Assert.Contains(word, line, StringComparison.Ordinal);
        Assert.Empty(lost);
        Assert.True(counts.Acknowledged > 100, counts.ToString());
    }

    private static string[] FailOne(string call, string error, int afterCalls) =>
    [
        Strace, "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", $"trace={call}",
        "-e", $"inject={call}:error={error}:when={afterCalls}",
    ];
}
