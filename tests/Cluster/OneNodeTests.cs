using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests;

public sealed class OneNodeTests
{
    [Fact]
    public async Task A_cluster_of_three_forms()
    {
        await using var cluster = await ClusterProcess.StartAsync();
        using var client = await cluster.ConnectAsync(1);
        Assert.Equal("\"hi\"", client.Call("echo hi"));
        await cluster.StopAsync(0);
        await cluster.RestartAsync(1);
        cluster.Start(0);
        await cluster.WaitReadyAsync();
    }
}
