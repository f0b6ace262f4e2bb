using System.Text;
using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Disks;

/// <summary>Clients come upon a damaged record before any scrub does: here there is none.</summary>
public sealed class MetDamageTests(ITestOutputHelper output)
{
    private const int Shards = 2;
    private const int FollowerShard = 1;
    private const int LeaderShard = 2;

    /// <summary>More than a store keeps in memory, so that the first record is read from the disk.</summary>
    private const int Values = 450;
    private const int ValueBytes = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task A_write_that_meets_damage_succeeds_and_the_damaged_copies_are_replaced()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape with { Nodes = 3, Replicas = 3 });
        using var api = new AdminApi(cluster.AdminPorts);
        await using var client = await ConnectAsync(cluster);
        var ofFollower = await FillAsync(client, FollowerShard);
        var ofLeader = await FillAsync(client, LeaderShard);
        var first = await api.ShardAsync(FollowerShard);
        var follower = first.Replicas.Select(replica => replica.Node).First(node => node != first.Leader);
        var leader = (await api.ShardAsync(LeaderShard)).Leader!;
        Flip(cluster, follower, FollowerShard, ofFollower);
        Flip(cluster, leader, LeaderShard, ofLeader);
        foreach (var key in new[] { ofFollower, ofLeader })
            (await client.SetAsync(key, "new"u8.ToArray())).EnsureDone();
        var events = await WaitEventsAsync(
            api, [("repair", $"{follower}: shard {FollowerShard}:"), ("repair", $"{leader}: shard {LeaderShard}:")]);
        foreach (var key in new[] { ofFollower, ofLeader })
            Assert.Equal("new"u8.ToArray(), (await client.GetAsync(key))!.Value.Span.ToArray());
        Assert.All(Enumerable.Range(0, cluster.Count), node => Assert.False(cluster[node].HasExited));
        Assert.NotEqual(leader, (await api.ShardAsync(LeaderShard)).Leader);
        _figures.Write("damage met by a write: " + string.Join(" | ", events.Select(happened => happened.Text)));
    }

    [Fact]
    public async Task Of_an_only_copy_the_damaged_record_is_refused_and_the_others_are_served()
    {
        await using var cluster = await ClusterProcess.StartAsync(Shape with { Nodes = 1, Replicas = 1 });
        using var api = new AdminApi(cluster.AdminPorts);
        await using var client = await ConnectAsync(cluster);
        var key = await FillAsync(client, FollowerShard);
        Flip(cluster, "n1", FollowerShard, key);
        var refused = await Assert.ThrowsAsync<ClientException>(async () => await client.GetAsync(key));
        Assert.Contains("SHARDSTORE.DAMAGED", refused.Message, StringComparison.Ordinal);
        foreach (var other in CheckedLoad.KeysOf(FollowerShard - 1, Shards, "bulk-", Values).Skip(1))
            Assert.Equal(ValueBytes, (await client.GetAsync(other))!.Value.Span.Length);
        await WaitEventsAsync(api, [("damage", $"n1: shard {FollowerShard} has no other copy")]);
        await Waiting.UntilAsync(
            async () => (await api.AlertsAsync()).Any(alert => alert.Kind == "damage" && alert.Node == "n1"),
            Patience, () => "no alert");
        Assert.False(cluster[0].HasExited);
    }

    private static ClusterShape Shape { get; } = new()
    {
        Shards = Shards,
        MemoryMb = 16,
        CheckpointMb = 1,
        OnDisk = true,
        More = ["--scrub-mb-per-second", "0"],
    };

    private static Task<ShardStoreClient> ConnectAsync(ClusterProcess cluster) => ShardStoreClient.ConnectAsync(
        new ClientOptions { Endpoints = cluster.Endpoints, Deadline = Patience });

    /// <summary>Returns the key of the shard's first record.</summary>
    private static async Task<string> FillAsync(ShardStoreClient client, int shard)
    {
        var keys = CheckedLoad.KeysOf(shard - 1, Shards, "bulk-", Values).ToArray();
        (await client.SetAsync(keys[0], new byte[ValueBytes])).EnsureDone();
        await Parallel.ForEachAsync(
            keys[1..], new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, stop) =>
                (await client.SetAsync(key, new byte[ValueBytes], cancellationToken: stop)).EnsureDone());
        return keys[0];
    }

    /// <summary>Flips a bit of a key's value where the store's log holds it.</summary>
    private static void Flip(ClusterProcess cluster, string node, int shard, string key)
    {
        var shards = Path.Combine(cluster.DirOf(node[1] - '1'), "shards");
        var store = Directory.GetDirectories(shards, $"g{shard:d5}-*").Single();
        var log = Directory.GetFiles(store, "log.00000000", SearchOption.AllDirectories).Single();
        using var file = new FileStream(
            log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[64 << 10];
        file.ReadExactly(head);
        var at = head.AsSpan().IndexOf(Encoding.ASCII.GetBytes(key));
        Assert.True(at > 0, $"{key} is not at the beginning of {log}");
        file.Position = at + 1000;
        file.WriteByte((byte)(head[at + 1000] ^ 8));
    }

    private static async Task<EventView[]> WaitEventsAsync(AdminApi api, (string Kind, string Text)[] wanted)
    {
        EventView[] events = [];
        await Waiting.UntilAsync(
            async () =>
            {
                events = await api.EventsAsync();
                return wanted.All(want => events.Any(happened => happened.Kind == want.Kind
                    && happened.Text.StartsWith(want.Text, StringComparison.Ordinal)));
            },
            Patience, () => $"waiting for {string.Join(", ", wanted)}; events: "
                + string.Join("\n", events.Select(happened => happened.Text)));
        return [.. events.Where(happened => happened.Kind is "damage" or "repair")];
    }
}
