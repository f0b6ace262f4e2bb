using System.Net.Sockets;
using System.Text;
using ShardStore.Node.Server;
using ShardStore.Node.Tests.Commands;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Server;

public sealed class ConnectionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Replies_keep_the_order_of_requests_however_they_complete()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var router = new HoldingRouter();
        await using var cluster = LocalCluster.Start(router: router);
        using var client = await cluster.ConnectAsync();
        for (var round = 0; round < 20; round++)
        {
            const int count = 50;
            client.SendRaw(string.Concat(Enumerable.Range(0, count).Select(i => $"get k{i}\r\nping p{i}\r\n")));
            var held = Enumerable.Range(0, count).Select(_ => router.Take()).ToArray();
            random.Shuffle(held);
            foreach (var request in held)
                HoldingRouter.Echo(request);
            for (var i = 0; i < count; i++)
                Assert.Equal($"\"k{i}\" \"p{i}\"", $"{client.Read()} {client.Read()}");
        }
    }

    [Fact]
    public async Task A_pipeline_of_ten_thousand_is_answered_in_order()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        var pipeline = string.Concat(Enumerable.Range(0, 10_000).Select(_ => "incr n\r\n"));
        client.SendRaw(pipeline);
        for (var i = 1; i <= 10_000; i++)
            Assert.Equal($":{i}", client.Read());
    }

    [Fact]
    public async Task A_command_split_at_every_byte_is_answered()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        var command = RespClient.Encode("set key \"a value\"");
        for (var cut = 1; cut < command.Length; cut++)
        {
            client.SendRaw(command.AsSpan(0, cut));
            client.SendRaw(command.AsSpan(cut));
            Assert.Equal("+OK", client.Read());
        }
    }

    [Theory]
    [InlineData("*1\r\nfoo\r\n", "-ERR Protocol error: expected '$', got 'f'")]
    [InlineData("*1\r\n$536870913\r\n", "-ERR Protocol error: invalid bulk length")]
    [InlineData("set \"x\r\n", "-ERR Protocol error: unbalanced quotes in request")]
    public async Task A_protocol_error_is_answered_after_what_came_before_and_closes(string text, string error)
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        client.SendRaw("set a 1\r\n" + text + "set a 2\r\n");
        Assert.Equal("+OK", client.Read());
        Assert.Equal(error, client.Read());
        Assert.Equal("closed", Closed(client));
        using var other = await cluster.ConnectAsync();
        Assert.Equal("\"1\"", other.Call("get a"));
    }

    [Fact]
    public async Task Http_is_closed_silently()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        client.SendRaw("POST / HTTP/1.1\r\nset a 1\r\n");
        Assert.Equal("closed", Closed(client));
    }

    [Fact]
    public async Task After_quit_nothing_is_executed()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        client.SendRaw("set a 1\r\nquit\r\nset a 2\r\n");
        Assert.Equal("+OK +OK closed", $"{client.Read()} {client.Read()} {Closed(client)}");
        using var other = await cluster.ConnectAsync();
        Assert.Equal("\"1\"", other.Call("get a"));
    }

    [Fact]
    public async Task A_client_that_stops_sending_still_gets_its_replies()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        client.SendRaw("set a 1\r\nget a\r\n");
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("+OK \"1\" closed", $"{client.Read()} {client.Read()} {Closed(client)}");
    }

    [Fact]
    public async Task Before_login_only_the_greeting_works()
    {
        await using var cluster = LocalCluster.Start(password: "secret");
        using var client = await cluster.ConnectAsync();
        Script.Run(client,
            """
            get a -> -NOAUTH Authentication required.
            auth wrong -> -WRONGPASS invalid username-password pair or user is disabled.
            auth other secret -> -WRONGPASS invalid username-password pair or user is disabled.
            hello 3 auth default wrong -> -WRONGPASS invalid username-password pair or user is disabled.
            client id -> -NOAUTH Authentication required.
            auth secret -> +OK
            get a -> nil
            reset -> +RESET
            get a -> -NOAUTH Authentication required.
            """);
        Assert.StartsWith("{", client.Call("hello 3 auth default secret"));
        client.SendRaw("reset\r\n*11\r\n");
        Assert.Equal("+RESET", client.Read());
        Assert.Equal("-ERR Protocol error: unauthenticated multibulk length", client.Read());
    }

    [Fact]
    public async Task Client_reply_off_and_skip_are_silent()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        client.SendRaw("client reply skip\r\nset a 1\r\nget a\r\n");
        client.SendRaw("client reply off\r\nset a 2\r\nclient reply on\r\nget a\r\n");
        Assert.Equal("\"1\" +OK \"2\"", $"{client.Read()} {client.Read()} {client.Read()}");
    }

    [Fact]
    public async Task More_clients_than_allowed_are_told_so()
    {
        await using var cluster = LocalCluster.Start(limits: new ServerLimits { ConnectionsMax = 1 });
        using var first = await cluster.ConnectAsync();
        Assert.Equal("+PONG", first.Call("ping"));
        using var second = await cluster.ConnectAsync();
        Assert.Equal("-ERR max number of clients reached", second.Read());
        Assert.Equal("closed", Closed(second));
    }

    [Fact]
    public async Task A_slow_reader_holds_back_only_itself()
    {
        var limits = new ServerLimits { HeldBytesMax = 1 << 20, RequestsInFlightMax = 16 };
        await using var cluster = LocalCluster.Start(limits: limits);
        using var slow = await cluster.ConnectAsync();
        using var other = await cluster.ConnectAsync();
        Assert.Equal("+OK", other.Call($"setrange big {4 << 20} x").Replace($":{(4 << 20) + 1}", "+OK"));
        slow.SendRaw(string.Concat(Enumerable.Range(0, 20).Select(_ => "get big\r\n")));
        for (var i = 0; i < 100; i++)
            Assert.Equal("+PONG", other.Call("ping"));
        for (var i = 0; i < 20; i++)
            Assert.Equal((4 << 20) + 3, slow.Read().Length);
    }

    [Fact]
    public async Task A_stop_answers_what_is_in_flight_and_then_aborts()
    {
        var router = new HoldingRouter();
        await using var cluster = LocalCluster.Start(router: router);
        using var answered = await cluster.ConnectAsync();
        using var stuck = await cluster.ConnectAsync();
        answered.SendRaw("get a\r\n");
        var first = router.Take();
        stuck.SendRaw("get b\r\n");
        var second = router.Take();
        var stopping = cluster.Server.StopAsync();
        HoldingRouter.Echo(first);
        Assert.Equal("\"a\" closed", $"{answered.Read()} {Closed(answered)}");
        Assert.Equal("closed", Closed(stuck));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, cluster.Server.ConnectionCount);
        Assert.True(second.IsAbandoned);
        HoldingRouter.Echo(second);
        await Assert.ThrowsAnyAsync<SocketException>(() => RespClient.ConnectAsync(cluster.Server.State.Port));
    }

    [Fact]
    public async Task A_killed_client_is_closed()
    {
        await using var cluster = LocalCluster.Start();
        using var killer = await cluster.ConnectAsync();
        using var victim = await cluster.ConnectAsync();
        var id = victim.Call("client id")[1..];
        Assert.Contains($"id={id} ", killer.Call("client list"), StringComparison.Ordinal);
        Assert.Equal(":1", killer.Call($"client kill id {id}"));
        Assert.Equal("closed", Closed(victim));
        Assert.Equal("-ERR No such client", killer.Call("client kill 1.2.3.4:5"));
    }

    [Fact]
    public void Completing_a_request_twice_is_refused()
    {
        var request = Replicas.Request("get a");
        request.Fail("-MOVED 1 host:1");
        Assert.Equal("-MOVED 1 host:1\r\n", Encoding.ASCII.GetString(request.Reply.Written));
        Assert.Throws<InvalidOperationException>(request.Complete);
    }

    /// <summary>An end with unread bytes behind it may arrive as a reset.</summary>
    private static string Closed(RespClient client)
    {
        try
        {
            return client.Read();
        }
        catch (IOException e)
            when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return "closed";
        }
    }
}
