using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>One cluster of three processes for all tests of clients, and what moves its leaderships.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    internal ClusterProcess Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await ClusterProcess.StartAsync();

    public Task DisposeAsync() => Cluster?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    /// <summary>Hands the leadership of some shards to another node, as an operator would, one after another. Returns
    /// how many.</summary>
    internal async Task<int> MoveLeadersAsync(params int[] shards)
    {
        foreach (var shard in shards)
        {
            var from = await LeaderOfAsync(shard);
            await MoveLeaderAsync(shard, from, (from + 1) % Cluster.Count);
        }
        return shards.Length;
    }

    /// <summary>Gives a node that has lost its leaderships some again: the balancer is off, so nobody else does.
    /// </summary>
    internal async Task GiveLeadersAsync(int node, params int[] shards)
    {
        foreach (var shard in shards)
        {
            if (await LeaderOfAsync(shard) is var from && from != node)
                await MoveLeaderAsync(shard, from, node);
        }
    }

    private async Task MoveLeaderAsync(int shard, int from, int to)
    {
        await Ctl.RunAsync(
            Cluster.AdminPorts[0], "migrate", $"{shard}", "--from", $"n{from + 1}", "--to", $"n{to + 1}", "--watch",
            "--json");
        Assert.Equal(to, await LeaderOfAsync(shard));
    }

    /// <summary>Index of the node that the cluster's own map names for a shard.</summary>
    private async Task<int> LeaderOfAsync(int shard)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var json = await http.GetStringAsync(new Uri($"http://127.0.0.1:{Cluster.AdminPorts[0]}/api/v1/shards"));
        using var shards = System.Text.Json.JsonDocument.Parse(json);
        var leader = shards.RootElement.EnumerateArray().Single(view => view.GetProperty("id").GetInt32() == shard)
            .GetProperty("leader").GetString();
        Assert.True(leader != null, $"shard {shard} has no leader");
        return leader[1] - '1';
    }
}

[CollectionDefinition(Name)]
public sealed class ThreeNodesCollection : ICollectionFixture<ThreeNodes>
{
    public const string Name = "clients of three nodes";
}
