using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Disks;

/// <summary>A real file system that is nearly full, and one that has not a byte left.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Shards = 4;
    private const int ReserveMb = 128;
    private static readonly ClusterShape Shape = new()
    {
        Nodes = 1,
        Replicas = 1,
        Shards = Shards,
        More = ["--disk-reserve-mb", "128"],
    };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [RootFact]
    public async Task A_nearly_full_disk_refuses_writes_serves_reads_and_takes_writes_again_when_there_is_room()
    {
        await using var cluster = await StartAsync(sizeMb: 420);
        var disk = cluster.Disk;
        await using var client = await ConnectAsync(cluster.Process);
        var keys = CheckedLoad.KeysOf(0, Shards, "full-", 4_000).Select(key => new KeyLedger(key, 100_000)).ToArray();
        var refused = await WriteUntilRefusedAsync(client, keys);
        var freeAtRefusal = disk.FreeBytes;
        Assert.Contains("MISCONF ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(disk.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("bytes free", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.MayHaveRun);
        var written = keys.Where(key => key.Acknowledged > 0).ToArray();
        Assert.Empty(await WrongAsync(client, written));
        (await client.DeleteAsync(written[0].Key)).EnsureDone();
        await WaitShownAsync(cluster.Process);
        await disk.ResizeAsync(sizeMb: 900);
        var more = new KeyLedger("full-after", 100);
        await Waiting.UntilAsync(
            async () => (await client.SetAsync(more.Key, more.NextValue())).IsDone, Patience, () => "still refused");
        more.OnAcknowledged();
        await cluster.Process.RestartAsync(0);
        await cluster.Process.WaitReadyAsync();
        await using var fresh = await ConnectAsync(cluster.Process);
        var wrong = await WrongAsync(fresh, [.. written[1..], more]);
        _figures.Write($"nearly full disk: {written.Length} values of 100 kB acknowledged, then refused with "
            + $"{freeAtRefusal >> 20} MiB free (reserve {ReserveMb}); after kill -9 {wrong.Count} lost; "
            + $"the client was told: {refused.Message}");
        Assert.Empty(wrong);
        Assert.True(written.Length > 300, $"{written.Length} writes before the refusal");
        Assert.True(freeAtRefusal > (ReserveMb / 4) << 20, $"{freeAtRefusal} bytes were left at the refusal");
    }

    [RootFact]
    public async Task A_disk_without_a_byte_left_loses_no_acknowledged_write()
    {
        await using var cluster = await StartAsync(sizeMb: 400);
        var disk = cluster.Disk;
        await using var load = await CheckedLoad.StartAsync(
            cluster.Process.Endpoints, new LoadShape { Shards = Shards, ValueBytes = 20_000 });
        await load.WaitServedAsync(Patience);
        await load.WaitOperationsAsync(1_000, Patience);
        var refused = load.Counts.NotDone;
        await disk.FillAsync(leaveBytes: 0);
        // Refused, or ended by a write of its own: then it answers nothing any more.
        await Waiting.UntilAsync(
            () => load.Counts.NotDone > refused || cluster.Process[0].HasExited, Patience,
            () => $"nothing was refused: {load.Counts}");
        disk.Free();
        var survived = await ServesAgainAsync(cluster.Process, load);
        await cluster.Process.RestartAsync(0);
        await cluster.Process.WaitReadyAsync();
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Process.Endpoints);
        _figures.Write($"0 bytes left: the node {(survived ? "went on" : "ended and was started again")}; {counts}, "
            + $"{load.KeysWritten} keys read back, {lost.Count} lost");
        Assert.Empty(lost);
        Assert.True(counts.NotDone > 0 && counts.Acknowledged > 100, counts.ToString());
    }

    /// <summary>The write that ends the node may come at any time after the last byte was gone: then it is started
    /// again. False when it was.</summary>
    private static async Task<bool> ServesAgainAsync(ClusterProcess cluster, CheckedLoad load)
    {
        var survived = true;
        var serving = load.WaitServedAsync(Patience);
        await Waiting.UntilAsync(
            async () =>
            {
                if (cluster[0].HasExited)
                {
                    survived = false;
                    await cluster.RestartAsync(0);
                }
                return serving.IsCompleted;
            },
            2 * Patience, cluster.Errors);
        await serving;
        return survived;
    }

    private static async Task<DiskCluster> StartAsync(int sizeMb)
    {
        SmallDisk? disk = null;
        var cluster = await ClusterProcess.StartAsync(
            Shape, async made => disk = made.Own(await SmallDisk.MountAsync(made.DirOf(0), sizeMb)));
        return new DiskCluster(cluster, disk!);
    }

    /// <summary>The fill is part of the node's utilization, and an alert.</summary>
    private static async Task WaitShownAsync(ClusterProcess cluster)
    {
        using var api = new AdminApi(cluster.AdminPorts);
        await Waiting.UntilAsync(
            async () => (await api.NodesAsync()).Single().Utilization is { IsDiskLow: true, DiskShare: > 0.5 and < 1 }
                && (await api.AlertsAsync()).Any(alert => alert.Kind == "diskFull"),
            Patience, () => "utilization and alerts say nothing of the disk");
    }

    private static Task<ShardStoreClient> ConnectAsync(ClusterProcess cluster) =>
        ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = cluster.Endpoints });

    private static async Task<ClientException> WriteUntilRefusedAsync(ShardStoreClient client, KeyLedger[] keys)
    {
        foreach (var key in keys)
        {
            var result = await client.SetAsync(key.Key, key.NextValue());
            if (!result.IsDone)
                return result.Error ?? throw new InvalidOperationException($"{key.Key}: {result}");
            key.OnAcknowledged();
        }
        throw new InvalidOperationException($"{keys.Length} writes and none refused");
    }

    private static async Task<IReadOnlyList<string>> WrongAsync(ShardStoreClient client, KeyLedger[] keys)
    {
        var wrong = new List<string>();
        foreach (var key in keys)
        {
            var value = await client.GetAsync(key.Key);
            if (key.Check(value is { } found ? found.Span : [], value is null) is { } problem)
                wrong.Add(problem);
        }
        return wrong;
    }

    private sealed record DiskCluster(ClusterProcess Process, SmallDisk Disk) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
