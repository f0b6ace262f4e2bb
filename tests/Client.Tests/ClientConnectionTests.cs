using System.Text;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>What one connection does when the node splits, delays, cuts or garbles its replies.</summary>
public sealed class ClientConnectionTests
{
    private static Task<ShardStoreClient> ConnectAsync(FakeNode node, Func<ClientOptions, ClientOptions>? change = null)
    {
        var options = new ClientOptions
        {
            Endpoints = [node.Address.ToString()],
            BackoffMin = TimeSpan.FromMilliseconds(1),
        };
        return ShardStoreClient.ConnectAsync(change is null ? options : change(options));
    }

    [Fact]
    public async Task Replies_that_come_byte_by_byte_reach_their_callers_in_order()
    {
        await using var node = new FakeNode();
        node.Answer = (command, connection) =>
        {
            connection.WriteBytewise($"${command[1].Length}\r\n{command[1]}\r\n");
            return null;
        };
        await using var client = await ConnectAsync(node);
        var reads = Enumerable.Range(0, 50).Select(i => client.GetStringAsync($"key-{i}").AsTask()).ToArray();
        var values = await Task.WhenAll(reads);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"key-{i}"), values);
        Assert.Equal(1, node.Accepted);
    }

    [Fact]
    public async Task A_cancelled_read_stops_waiting_and_later_replies_still_find_their_callers()
    {
        await using var node = new FakeNode();
        var held = new TaskCompletionSource<FakeConnection>();
        node.Answer = (command, connection) =>
        {
            if (command[1] != "slow")
                return $"${command[1].Length}\r\n{command[1]}\r\n";
            held.TrySetResult(connection);
            return null;
        };
        await using var client = await ConnectAsync(node);
        using var cancel = new CancellationTokenSource();
        var slow = client.GetAsync("slow", null, cancel.Token).AsTask();
        var connection = await held.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        connection.Write("$4\r\nlate\r\n");
        Assert.Equal("next", await client.GetStringAsync("next"));
        Assert.Equal(1, node.Accepted);
    }

    [Fact]
    public async Task A_deadline_names_node_and_queue_and_leaves_the_connection_alone()
    {
        await using var node = new FakeNode();
        node.Answer = (command, _) => command[1] == "slow" ? null : "$1\r\nv\r\n";
        await using var client = await ConnectAsync(node);
        var error = await Assert.ThrowsAsync<ClientException>(
            () => client.GetAsync("slow", TimeSpan.FromMilliseconds(80)).AsTask());
        Assert.Equal(ClientErrorKind.TimedOut, error.Kind);
        Assert.False(error.MayHaveRun);
        Assert.Contains($"GET at {node.Address}", error.Message, StringComparison.Ordinal);
        Assert.Matches("[12] commands in flight", error.Message);
        Assert.Contains("thread pool", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, node.Accepted);
    }

    [Fact]
    public async Task A_write_that_meets_its_deadline_is_unknown()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => null;
        await using var client = await ConnectAsync(node);
        var outcome = await client.SetAsync("k", "v", default, TimeSpan.FromMilliseconds(80));
        Assert.Equal(KvOutcome.Unknown, outcome.Outcome);
        Assert.True(outcome.Error!.MayHaveRun);
        Assert.Throws<ClientException>(() => outcome.EnsureDone());
    }

    [Fact]
    public async Task A_read_cut_off_mid_reply_is_asked_again()
    {
        await using var node = new FakeNode();
        var asked = 0;
        node.Answer = (_, connection) =>
        {
            if (Interlocked.Increment(ref asked) > 1)
                return "$5\r\nhello\r\n";
            connection.Write("$5\r\nhel");
            connection.Close();
            return null;
        };
        await using var client = await ConnectAsync(node);
        Assert.Equal("hello", await client.GetStringAsync("k"));
        Assert.Equal(2, node.Accepted);
    }

    [Fact]
    public async Task Without_the_wrapper_a_write_cut_off_mid_reply_is_unknown_and_not_sent_twice()
    {
        await using var node = new FakeNode();
        node.Answer = (_, connection) =>
        {
            connection.Write("+O");
            connection.Close();
            return null;
        };
        await using var client = await ConnectAsync(node);
        Assert.False(client.AppliesWritesOnce);
        var outcome = await client.SetAsync("k", "v");
        Assert.Equal(KvOutcome.Unknown, outcome.Outcome);
        Assert.Equal(ClientErrorKind.ConnectionFailed, outcome.Error!.Kind);
        Assert.Equal(["SET k v"], node.Received);
    }

    [Fact]
    public async Task With_the_wrapper_a_retry_carries_the_same_identity()
    {
        await using var node = new FakeNode { KnowsOnce = true };
        var asked = 0;
        node.Answer = (_, connection) =>
        {
            if (Interlocked.Increment(ref asked) > 2)
                return ":1\r\n";
            connection.Close();
            return null;
        };
        await using var client = await ConnectAsync(node);
        var outcome = await client.IncrementAsync("k");
        Assert.Equal(1, outcome.EnsureDone());
        var received = node.Received.ToArray();
        Assert.Equal(3, received.Length);
        Assert.Matches("^SHARDSTORE.ONCE [0-9]+ 0 1 INCRBY k 1$", received[0]);
        Assert.Single(received.Distinct());
        await client.IncrementAsync("k");
        Assert.EndsWith(" 0 2 INCRBY k 1", node.Received.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_forgot_the_wrapper_gets_the_plain_command()
    {
        await using var node = new FakeNode { KnowsOnce = true };
        node.Answer = (command, _) => command[0] == "SHARDSTORE.ONCE"
            ? "-ERR unknown command 'SHARDSTORE.ONCE', with args beginning with: '1' \r\n"
            : "+OK\r\n";
        await using var client = await ConnectAsync(node);
        Assert.True((await client.SetAsync("k", "v")).IsDone);
        Assert.False(client.AppliesWritesOnce);
        Assert.Equal("SET k v", node.Received.Last());
    }

    [Fact]
    public async Task A_reply_that_nobody_asked_for_ends_the_connection_and_crosses_no_wires()
    {
        await using var node = new FakeNode();
        node.Answer = (command, _) => command[1] == "twice"
            ? "$1\r\na\r\n$1\r\nb\r\n"
            : $"${command[1].Length}\r\n{command[1]}\r\n";
        await using var client = await ConnectAsync(node);
        Assert.Equal("a", await client.GetStringAsync("twice"));
        await Waiting.UntilAsync(() => !client.HasOpenConnection(node.Address), "the connection is dropped");
        Assert.Equal("other", await client.GetStringAsync("other"));
    }

    [Fact]
    public async Task Calls_beyond_the_bound_wait_for_room_and_then_go()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => "$1\r\nv\r\n";
        await using var client = await ConnectAsync(node, o => o with { PendingPerNodeMax = 2, LanesMax = 1 });
        var reads = Enumerable.Range(0, 100).Select(i => client.GetStringAsync($"k{i}").AsTask());
        var writes = Enumerable.Range(0, 20).Select(i => client.SetAsync($"k{i}", "v").AsTask());
        Assert.All(await Task.WhenAll(reads), v => Assert.Equal("v", v));
        Assert.All(await Task.WhenAll(writes), r => Assert.NotEqual(KvOutcome.Unknown, r.Outcome));
    }

    [Fact]
    public async Task Too_many_unsent_bytes_are_refused_and_surely_did_not_run()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => "+OK\r\n";
        await using var client = await ConnectAsync(node, o => o with { UnsentBytesMax = 1000 });
        var value = new byte[4 << 20];
        var writes = Enumerable.Range(0, 20).Select(i => client.SetAsync($"k{i}", value).AsTask()).ToArray();
        var outcomes = await Task.WhenAll(writes);
        Assert.Contains(outcomes, o => o.IsDone);
        var refused = outcomes.Where(o => !o.IsDone).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, o => Assert.Equal(ClientErrorKind.Overloaded, o.Error!.Kind));
        Assert.All(refused, o => Assert.Equal(KvOutcome.NotDone, o.Outcome));
    }

    [Fact]
    public async Task A_caller_may_reuse_its_buffer_as_soon_as_it_stops_waiting()
    {
        await using var node = new FakeNode();
        node.Answer = (command, _) => command[1] == "slow" ? null : "+OK\r\n";
        await using var client = await ConnectAsync(node);
        var value = Encoding.UTF8.GetBytes("first");
        await client.SetAsync("slow", value, default, TimeSpan.FromMilliseconds(30));
        Array.Fill(value, (byte)'x');
        await Waiting.UntilAsync(() => !node.Received.IsEmpty, "the node got the write");
        Assert.Equal("SET slow first", node.Received.First());
    }

    [Fact]
    public async Task No_endpoint_answering_is_said_with_all_their_names()
    {
        NodeAddress gone;
        await using (var node = new FakeNode())
            gone = node.Address;
        var error = await Assert.ThrowsAsync<ClientException>(() => ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = [gone.ToString()] }));
        Assert.Equal(ClientErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains(gone.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nohost")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData(":7001")]
    public async Task An_endpoint_that_is_none_is_refused_by_name(string endpoint)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => ShardStoreClient.ConnectAsync(
            new ClientOptions { Endpoints = [endpoint] }));
        Assert.Contains(endpoint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_ends_calls_under_way()
    {
        await using var node = new FakeNode();
        node.Answer = (_, _) => null;
        var client = await ConnectAsync(node);
        var read = client.GetAsync("k").AsTask();
        await Waiting.UntilAsync(() => !node.Received.IsEmpty, "the read is under way");
        await client.DisposeAsync();
        var error = await Assert.ThrowsAsync<ClientException>(() => read);
        Assert.Contains(error.Kind, new[] { ClientErrorKind.Disposed, ClientErrorKind.ConnectionFailed });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync("k").AsTask());
    }
}
