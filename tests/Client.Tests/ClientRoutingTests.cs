using ShardStore.Resp;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>Redirects, "not now", shifted reads and lost nodes, against scripted nodes.</summary>
public sealed class ClientRoutingTests
{
    private static Task<ShardStoreClient> ConnectAsync(params FakeNode[] nodes) =>
        ShardStoreClient.ConnectAsync(new ClientOptions
        {
            Endpoints = [.. nodes.Select(n => n.Address.ToString())],
            BackoffMin = TimeSpan.FromMilliseconds(1),
            MapRefreshMin = TimeSpan.FromMilliseconds(20),
        });

    private static string Moved(string key, NodeAddress to) => $"-MOVED {HashSlot.Of(Bytes(key))} {to}\r\n";

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task A_chain_of_redirects_is_followed_and_its_end_remembered()
    {
        await using var first = new FakeNode();
        await using var second = new FakeNode();
        await using var third = new FakeNode();
        // The nodes' own maps stay wrong, so only the patch can lead the second read straight to the third node.
        var rows = new[] { (0, 16383, first.Address) };
        first.MapRows = () => rows;
        first.Answer = (_, _) => Moved("k", second.Address);
        second.Answer = (_, _) => Moved("k", third.Address);
        third.Answer = (_, _) => "$1\r\nv\r\n";
        second.MapRows = third.MapRows = () => [(0, 16383, third.Address)];
        await using var client = await ConnectAsync(first);
        Assert.Equal("v", await client.GetStringAsync("k"));
        Assert.Single(second.Received);
        first.MapRows = () => [(0, 16383, third.Address)];
        Assert.Equal("v", await client.GetStringAsync("k"));
        Assert.Equal(2, third.Received.Count);
    }

    [Fact]
    public async Task A_redirect_patches_the_map_even_when_its_target_does_not_answer()
    {
        await using var first = new FakeNode();
        await using var second = new FakeNode();
        first.Answer = (_, _) => Moved("k", second.Address);
        second.Answer = (_, _) => null;
        var slow = new ClientOptions
        {
            Endpoints = [first.Address.ToString()],
            MapRefreshMin = TimeSpan.FromHours(1),
        };
        await using var client = await ShardStoreClient.ConnectAsync(slow);
        var error = await Assert.ThrowsAsync<ClientException>(
            () => client.GetAsync("k", TimeSpan.FromMilliseconds(200)).AsTask());
        Assert.Equal(second.Address, error.Node);
        second.Answer = (_, _) => "$1\r\nv\r\n";
        await client.GetStringAsync("{k}2");
        Assert.Single(first.Received);
    }

    [Fact]
    public async Task Nodes_that_point_at_each_other_end_in_a_typed_error()
    {
        await using var first = new FakeNode();
        await using var second = new FakeNode();
        first.Answer = (_, _) => Moved("k", second.Address);
        second.Answer = (_, _) => Moved("k", first.Address);
        await using var client = await ConnectAsync(first);
        var outcome = await client.SetAsync("k", "v");
        Assert.Equal(KvOutcome.NotDone, outcome.Outcome);
        Assert.Equal(ClientErrorKind.TooManyRedirects, outcome.Error!.Kind);
        Assert.Equal(16, first.Received.Count + second.Received.Count);
    }

    [Fact]
    public async Task An_ask_goes_to_its_target_once_with_the_prefix()
    {
        await using var owner = new FakeNode();
        await using var target = new FakeNode();
        owner.Answer = (_, _) => $"-ASK {HashSlot.Of(Bytes("k"))} {target.Address}\r\n";
        target.Answer = (command, _) => command[0] == "ASKING" ? "+OK\r\n" : "$1\r\nv\r\n";
        await using var client = await ConnectAsync(owner);
        Assert.Equal("v", await client.GetStringAsync("k"));
        Assert.Equal(["ASKING", "GET k"], target.Received);
        Assert.Equal("v", await client.GetStringAsync("k"));
        Assert.Equal(2, owner.Received.Count);
    }

    [Theory]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot")]
    [InlineData("CLUSTERDOWN Hash slot not served")]
    [InlineData("LOADING Redis is loading the dataset in memory")]
    [InlineData("MASTERDOWN Link with MASTER is down")]
    public async Task Not_now_is_tried_again_until_it_is_now(string error)
    {
        await using var node = new FakeNode();
        var left = 3;
        node.Answer = (_, _) => Interlocked.Decrement(ref left) >= 0 ? $"-{error}\r\n" : "+OK\r\n";
        await using var client = await ConnectAsync(node);
        Assert.True((await client.SetAsync("k", "v")).IsDone);
        Assert.Equal(4, node.Received.Count);
    }

    [Fact]
    public async Task A_call_that_waits_out_a_dead_node_goes_on_as_soon_as_the_map_names_another()
    {
        await using var heir = new FakeNode();
        var dead = new FakeNode();
        heir.MapRows = () => [(0, 16383, dead.Address)];
        heir.Answer = (_, _) => "$1\r\nv\r\n";
        await using var client = await ShardStoreClient.ConnectAsync(new ClientOptions
        {
            Endpoints = [heir.Address.ToString(), dead.Address.ToString()],
            BackoffMin = TimeSpan.FromSeconds(40),
            BackoffMax = TimeSpan.FromSeconds(40),
            MapRefreshMin = TimeSpan.FromMilliseconds(20),
        });
        await dead.DisposeAsync();
        var call = client.GetStringAsync("k", TimeSpan.FromSeconds(15)).AsTask();
        heir.MapRows = () => [(0, 16383, heir.Address)];
        Assert.Equal("v", await call);
    }

    [Fact]
    public async Task Not_now_for_ever_is_not_done()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => "-CLUSTERDOWN Hash slot not served\r\n";
        await using var client = await ConnectAsync(node);
        var outcome = await client.SetAsync("k", "v", default, TimeSpan.FromSeconds(30));
        Assert.Equal(KvOutcome.NotDone, outcome.Outcome);
        Assert.Equal(ClientErrorKind.Unavailable, outcome.Error!.Kind);
    }

    [Fact]
    public async Task A_refused_write_is_not_done_and_keeps_the_servers_words()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => "-ERR value is not an integer or out of range\r\n";
        await using var client = await ConnectAsync(node);
        var outcome = await client.IncrementAsync("k");
        Assert.Equal(KvOutcome.NotDone, outcome.Outcome);
        Assert.Equal(ClientErrorKind.Refused, outcome.Error!.Kind);
        Assert.Contains("value is not an integer", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_applied_earlier_whose_reply_was_not_kept_is_unknown_rather_than_not_done()
    {
        await using var node = new FakeNode { KnowsOnce = true };
        node.Answer = (_, _) => "-SHARDSTORE.APPLIED this write was applied once\r\n";
        await using var client = await ConnectAsync(node);
        Assert.Equal(KvOutcome.Unknown, (await client.SetAsync("k", "v")).Outcome);
    }

    [Fact]
    public async Task Reads_follow_the_published_weights_and_writes_do_not()
    {
        await using var master = new FakeNode();
        await using var replica = new FakeNode();
        master.Answer = replica.Answer = (command, _) => command[0] == "GET" ? "$1\r\nv\r\n" : "+OK\r\n";
        master.ReplicaRows = $"*4\r\n$9\r\n127.0.0.1\r\n:{replica.Address.Port}\r\n+id\r\n"
            + "*2\r\n$22\r\nshardstore-read-weight\r\n$2\r\n25\r\n";
        await using var client = await ConnectAsync(master);
        for (var i = 0; i < 400; i++)
            await client.GetAsync("k");
        for (var i = 0; i < 20; i++)
            await client.SetAsync("k", "v");
        Assert.Equal("READONLY", replica.Received.First());
        Assert.Equal(100, replica.Received.Count(c => c == "GET k"));
        Assert.Equal(300, master.Received.Count(c => c == "GET k"));
        Assert.Equal(20, master.Received.Count(c => c == "SET k v"));
    }

    [Fact]
    public async Task When_a_node_dies_its_slots_are_found_at_the_one_that_took_over()
    {
        var dying = new FakeNode();
        await using var heir = new FakeNode();
        heir.Answer = (_, _) => "$1\r\nv\r\n";
        dying.Answer = (_, _) => "$1\r\nv\r\n";
        await using var client = await ConnectAsync(dying, heir);
        heir.MapRows = () => [(0, 16383, heir.Address)];
        await dying.DisposeAsync();
        Assert.Equal("v", await client.GetStringAsync("k"));
        Assert.NotEmpty(heir.Received);
    }

    [Fact]
    public async Task A_node_that_hangs_is_given_up_before_the_deadline()
    {
        await using var hanging = new FakeNode { KnowsOnce = true };
        await using var heir = new FakeNode { KnowsOnce = true };
        hanging.Answer = (_, _) => null;
        heir.Answer = (_, _) => "+OK\r\n";
        hanging.MapRows = heir.MapRows = () => [(0, 16383, hanging.Address)];
        await using var client = await ConnectAsync(hanging, heir);
        var write = client.SetAsync("k", "v", default, TimeSpan.FromSeconds(20)).AsTask();
        await Waiting.UntilAsync(() => !hanging.Received.IsEmpty, "the write is under way");
        hanging.MapRows = heir.MapRows = () => [(0, 16383, heir.Address)];
        Assert.True((await write).IsDone);
        Assert.Equal(hanging.Received.First(), heir.Received.Single());
    }

    [Fact]
    public async Task A_batch_tells_each_keys_own_outcome()
    {
        await using var node = new FakeNode();
        node.Answer = (command, _) => command[1] switch
        {
            "bad" => "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
            "absent" => "$-1\r\n",
            var key => $"${key.Length}\r\n{key}\r\n",
        };
        await using var client = await ConnectAsync(node);
        var outcomes = await client.GetManyAsync(["a", "bad", "absent", "b"]);
        Assert.Equal("a", outcomes[0].Value.ToString());
        Assert.Equal(ClientErrorKind.Refused, outcomes[1].Error!.Kind);
        Assert.True(outcomes[2].IsDone);
        Assert.Null(outcomes[2].Value);
        Assert.Equal("b", outcomes[3].Value.ToString());
    }

    [Fact]
    public async Task Compare_and_set_tells_a_conflict_from_a_success()
    {
        await using var node = new FakeNode { KnowsOnce = true };
        node.Answer = (command, _) => command[^1] == "good" ? ":8\r\n" : "*2\r\n$-1\r\n:7\r\n";
        await using var client = await ConnectAsync(node);
        var done = await client.CompareAndSetAsync("k", 7, "good");
        Assert.Equal((KvOutcome.Done, 8L), (done.Outcome, done.Value));
        var conflict = await client.CompareAndSetAsync("k", 5, "late");
        Assert.True(conflict.IsConditionFailed);
        Assert.Equal(7, conflict.Value);
        Assert.Contains(" SHARDSTORE.CAS k 7 good", node.Received.First(), StringComparison.Ordinal);
    }
}
