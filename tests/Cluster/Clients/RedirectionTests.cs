using System.Globalization;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>What a node says of keys that another one leads.</summary>
[Collection(ThreeNodesCollection.Name)]
public sealed class RedirectionTests(ThreeNodes nodes)
{
    [Fact]
    public async Task One_redirection_is_enough_and_agrees_with_the_map_of_who_gave_it()
    {
        var redirected = 0;
        for (var i = 0; i < 60; i++)
        {
            using var asked = await nodes.Cluster.ConnectAsync(i % 3);
            var answer = asked.Call($"SET redirected:{i} {i}");
            if (answer == "+OK")
                continue;
            redirected++;
            var words = answer.Split(' ');
            Assert.Equal("-MOVED", words[0]);
            Assert.Equal($":{words[1]}", asked.Call($"CLUSTER KEYSLOT redirected:{i}"));
            var port = int.Parse(words[2].Split(':')[1], CultureInfo.InvariantCulture);
            Assert.Contains($":{port}, ", RowOf(asked, int.Parse(words[1], CultureInfo.InvariantCulture)),
                StringComparison.Ordinal);
            using var owner = await RespClient.ConnectAsync(port);
            Assert.Equal("+OK", owner.Call($"SET redirected:{i} {i}"));
        }
        Assert.InRange(redirected, 1, 59);
    }

    [Fact]
    public async Task A_redirection_inside_a_transaction_aborts_it()
    {
        using var client = await nodes.Cluster.ConnectAsync();
        var elsewhere = Enumerable.Range(0, 1_000).Select(i => $"elsewhere:{i}")
            .First(key => client.Call($"GET {key}").StartsWith("-MOVED", StringComparison.Ordinal));
        Assert.Equal("+OK", client.Call("MULTI"));
        Assert.StartsWith("-MOVED", client.Call($"SET {elsewhere} 1"), StringComparison.Ordinal);
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", client.Call("EXEC"));
        Assert.Equal("+PONG", client.Call("PING"));
    }

    [Fact]
    public async Task A_follower_reads_for_a_connection_that_says_so_and_sees_every_acknowledged_write()
    {
        using var reader = await nodes.Cluster.ConnectAsync();
        Assert.Equal("+OK", reader.Call("READONLY"));
        for (var i = 0; i < 60; i++)
        {
            using var asked = await nodes.Cluster.ConnectAsync(1);
            if (asked.Call($"SET followed:{i} {i}") != "+OK")
                continue;
            Assert.Equal($"\"{i}\"", reader.Call($"GET followed:{i}"));
            Assert.StartsWith("-MOVED", reader.Call($"SET followed:{i} x"), StringComparison.Ordinal);
        }
        Assert.Equal("+OK", reader.Call("READWRITE"));
    }

    [Fact]
    public async Task No_node_is_told_of_both_as_master_and_as_replica()
    {
        using var client = await nodes.Cluster.ConnectAsync();
        var rows = client.Call("CLUSTER SLOTS").Split("], [:");
        Assert.Equal(12, rows.Length);
        var ports = rows.Select(row => row.Split("\"127.0.0.1\", :")[1..].Select(node => node.Split(',')[0]).ToArray());
        var masters = ports.Select(row => row[0]).ToHashSet();
        Assert.NotEmpty(masters);
        Assert.DoesNotContain(ports.SelectMany(row => row[1..]), masters.Contains);
    }

    private static string RowOf(RespClient client, int slot) =>
        client.Call("CLUSTER SLOTS").Split("], [:").Single(row =>
        {
            var ends = row.TrimStart('[', ':').Split(", :");
            return int.Parse(ends[0], CultureInfo.InvariantCulture) <= slot
                && int.Parse(ends[1].Split(',')[0], CultureInfo.InvariantCulture) >= slot;
        });
}
