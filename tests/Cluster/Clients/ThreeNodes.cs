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
            var to = (from + 1) % Cluster.Count;
            var moved = await ToolProcess.RunAsync("dotnet", NodeProcess.Program, "ctl",
                "--admin", $"http://127.0.0.1:{Cluster.AdminPorts[0]}",
                "migrate", $"{shard}", "--from", $"n{from + 1}", "--to", $"n{to + 1}", "--watch", "--json");
            moved.Checked();
            Assert.Equal(to, await LeaderOfAsync(shard));
        }
        return shards.Length;
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
