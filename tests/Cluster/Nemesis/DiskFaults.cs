using System.Diagnostics;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Disks that are slow, full, or fail a sync.</summary>
internal static class DiskFaults
{
    private static readonly TimeSpan Frozen = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Thawed = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    public static IEnumerable<Fault> All =>
    [
        new("slow-disk", SlowAsync, _ => Task.FromResult(true)) { HoldMs = (0, 0) },
        new("full-disk", FillAsync, EmptyAsync) { HoldMs = (2_000, 4_000) },
        new("failed-fsync", FailSyncAsync, StartAgainAsync) { HoldMs = (0, 200) },
    ];

    /// <summary>Freezes the disk of the busiest node for most of the time: each sync waits for the next thaw.</summary>
    private static async Task SlowAsync(Scene scene)
    {
        var disk = scene.Cluster.Disks[await scene.Cluster.BusiestAsync()];
        var length = TimeSpan.FromMilliseconds(scene.Random.Next(1_500, 3_500));
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            await disk.FreezeAsync();
            await Waiting.LastAsync(Frozen);
            await disk.ThawAsync();
            await Waiting.LastAsync(Thawed);
        }
    }

    /// <summary>To the last byte, or so far that the node keeps what is left.</summary>
    private static async Task FillAsync(Scene scene)
    {
        scene.Targets = [await scene.Cluster.BusiestAsync()];
        var disk = scene.Cluster.Disks[scene.Target];
        await disk.FillAsync(leaveBytes: scene.Random.Next(2) == 0 ? 0 : 150L << 20);
    }

    private static async Task<bool> EmptyAsync(Scene scene)
    {
        var seen = (await scene.Cluster.Api.NodesAsync()).Single(node => node.Number == scene.Target + 1);
        scene.Cluster.Disks[scene.Target].Free();
        if (!scene.Cluster.IsUp(scene.Target))
            throw new InvalidOperationException($"a full disk ended n{scene.Target + 1}:\n{scene.Cluster.Errors()}");
        return seen.Utilization is { IsDiskLow: true };
    }

    /// <summary>A node that runs under strace has one of its next log syncs failed, and must end by itself.</summary>
    private static async Task FailSyncAsync(Scene scene)
    {
        scene.Targets = [scene.AnyHost()];
        var error = scene.Random.Next(2) == 0 ? "EIO" : "ENOSPC";
        await scene.Cluster.RestartAsync(
            scene.Target, "strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
            "-e", $"inject=fdatasync:error={error}:when={scene.Random.Next(3, 60)}");
        var (exitCode, errors) = await scene.Cluster.WaitEndAsync(scene.Target, EndTimeout);
        scene.HasBitten = exitCode == 1 && errors.Contains("fdatasync of ", StringComparison.Ordinal);
    }

    private static Task<bool> StartAgainAsync(Scene scene)
    {
        scene.Cluster.Start(scene.Target);
        return Task.FromResult(scene.HasBitten);
    }
}
