using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.OneNode;

/// <summary>The first moments of a node that comes back.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Who_connects_to_a_starting_node_waits_and_gets_no_error_and_all_keys()
    {
        const int Keys = 100;
        await using var cluster = await ClusterProcess.StartAsync(
            new ClusterShape { Nodes = 1, Replicas = 1, Shards = 8 });
        using (var before = await cluster.ConnectAsync())
        {
            for (var i = 0; i < Keys; i++)
                Assert.Equal("+OK", before.Call($"SET back:{i} {i}"));
        }
        await cluster.StopAsync(0);
        cluster.Start(0);
        using var first = await cluster.ConnectAtOnceAsync();
        Assert.Equal($":{Keys}", first.Call("DBSIZE"));
        for (var i = 0; i < Keys; i++)
            Assert.Equal($"\"{i}\"", first.Call($"GET back:{i}"));
        Assert.Equal("+OK", first.Call("FLUSHALL"));
        Assert.Equal(":0", first.Call("DBSIZE"));
    }
}
