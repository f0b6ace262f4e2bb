using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>A node that all tests of bad input share, and that must serve on after each.</summary>
public sealed class OneNode : IAsyncLifetime
{
    internal ClusterProcess Cluster { get; private set; } = null!;
    internal int Port => Cluster.Ports[0];

    public async Task InitializeAsync() =>
        Cluster = await ClusterProcess.StartAsync(new ClusterShape { Nodes = 1, Replicas = 1, Shards = 4 });

    public Task DisposeAsync() => Cluster?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    /// <summary>Another client is served as if nothing had been.</summary>
    internal async Task AssertServesAsync()
    {
        using var client = await Cluster.ConnectAsync();
        Assert.Equal("+OK", client.Call("SET served yes"));
        Assert.Equal("\"yes\"", client.Call("GET served"));
    }
}

[CollectionDefinition(Name)]
public sealed class OneNodeCollection : ICollectionFixture<OneNode>
{
    public const string Name = "bad input to one node";
}
