using System.Globalization;
using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Disks;

/// <summary>Bytes flip on the disks of running nodes: in a follower's store, in a leader's, and in a node's log. Nobody
/// restarts anything, and the clients must not notice.</summary>
public sealed class ScrubTests(ITestOutputHelper output)
{
    private const int Shards = 4;
    private const int FollowerShard = 1;
    private const int LeaderShard = 2;
    private const int BulkValues = 150;
    private const int BulkBytes = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task Flipped_bytes_in_running_nodes_are_found_and_repaired_and_no_call_fails()
    {
        await using var cluster = await ClusterProcess.StartAsync(new ClusterShape
        {
            Shards = Shards,
            CheckpointMb = 1,
            OnDisk = true,
            // So fast a pass takes a second.
            More = ["--scrub-mb-per-second", "240"],
        });
        using var api = new AdminApi(cluster.AdminPorts);
        await FillAsync(cluster);
        await using var load = await CheckedLoad.StartAsync(
            cluster.Endpoints, new LoadShape { Shards = Shards, ValueBytes = 1_000 });
        await load.WaitServedAsync(Patience);
        var follower = await FlipStoreAsync(cluster, api, FollowerShard, ofLeader: false);
        var leader = await FlipStoreAsync(cluster, api, LeaderShard, ofLeader: true);
        var flipped = System.Diagnostics.Stopwatch.StartNew();
        FlipLog(cluster, node: 2);
        var repairs = await WaitRepairedAsync(api, [follower, leader, "n3: the log:"]);
        var seconds = flipped.Elapsed.TotalSeconds;
        await load.WaitServedAsync(Patience);
        await WaitQuietAsync(api);
        var counts = await load.StopAsync();
        // A start reads everything and refuses what is damaged; and who is asked next has nothing in memory.
        for (var node = 0; node < cluster.Count; node++)
            await cluster.RestartAsync(node);
        await cluster.WaitReadyAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        var more = string.Join(" | ", repairs.Select(repair => repair.Text));
        _figures.Write(string.Create(CultureInfo.InvariantCulture,
            $"3 flipped bytes repaired after {seconds:0.0} s; {counts}; {lost.Count} lost; {more}"));
        Assert.Equal(2, repairs.Count(repair => repair.Text.Contains("with equal content", StringComparison.Ordinal)));
        Assert.Equal(0, counts.NotDone + counts.Unknown + counts.FailedReads);
        Assert.Empty(lost);
        Assert.True(counts.Acknowledged > 100, counts.ToString());
    }

    /// <summary>Enough for a checkpoint of each shard.</summary>
    private static async Task FillAsync(ClusterProcess cluster)
    {
        await using var client = await ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = cluster.Endpoints, Deadline = Patience });
        var keys = Enumerable.Range(0, Shards)
            .SelectMany(shard => CheckedLoad.KeysOf(shard, Shards, "bulk-", BulkValues)).ToArray();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, stop) =>
            (await client.SetAsync(key, new byte[BulkBytes], cancellationToken: stop)).EnsureDone());
    }

    /// <summary>Flips a byte of a page that a checkpoint holds, and returns how events name the place.</summary>
    private static async Task<string> FlipStoreAsync(ClusterProcess cluster, AdminApi api, int shardId, bool ofLeader)
    {
        var shard = await api.ShardAsync(shardId);
        var name = ofLeader
            ? shard.Leader!
            : shard.Replicas.Select(replica => replica.Node).First(node => node != shard.Leader);
        var node = int.Parse(name[1..], CultureInfo.InvariantCulture) - 1;
        var shards = Path.Combine(cluster.DirOf(node), "shards");
        var prefix = string.Create(CultureInfo.InvariantCulture, $"g{shardId:d5}-*");
        await Waiting.UntilAsync(
            () => Directory.GetDirectories(shards, prefix).Any(store => Directory.GetFiles(store, "manifest-*").Any(
                path => !path.EndsWith(".tmp", StringComparison.Ordinal))),
            Patience, () => $"no checkpoint of shard {shardId} on {name}");
        var log = Directory.GetFiles(shards, "log.00000000", SearchOption.AllDirectories)
            .Single(path => Path.GetRelativePath(shards, path).StartsWith($"g{shardId:d5}-", StringComparison.Ordinal));
        Flip(log, offset: 300_000);
        return $"{name}: shard {shardId}:";
    }

    private static void FlipLog(ClusterProcess cluster, int node)
    {
        var segments = Directory.GetFiles(Path.Combine(cluster.DirOf(node), "log"), "*.log");
        Flip(segments.Order(StringComparer.Ordinal).First(), offset: 200_000);
    }

    private static void Flip(string path, long offset)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        var was = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(was ^ 8));
        file.Flush();
    }

    private static async Task<EventView[]> WaitRepairedAsync(AdminApi api, string[] places)
    {
        EventView[] events = [];
        await Waiting.UntilAsync(
            async () =>
            {
                events = await api.EventsAsync();
                return places.All(place => Has("damage", place) && Has("repair", place));
            },
            Patience, () => $"waiting for {string.Join(", ", places)}; events: "
                + string.Join("\n", events.Select(happened => happened.Text)));
        return [.. events.Where(happened => happened.Kind == "repair")];

        bool Has(string kind, string place) => events.Any(
            happened => happened.Kind == kind && happened.Text.StartsWith(place, StringComparison.Ordinal));
    }

    /// <summary>Neither the nodes' samples nor the alerts tell of damage any more.</summary>
    private static Task WaitQuietAsync(AdminApi api) => Waiting.UntilAsync(
        async () => (await api.NodesAsync()).All(node => node.Utilization is { IsDamaged: false })
            && (await api.AlertsAsync()).All(alert => alert.Kind != "damage"),
        Patience, () => "the alert of damage does not end");
}
