using System.Text;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>What no client of Redis sends: that connection ends, with Redis' own words where Redis has some, and the
/// node serves on.</summary>
[Collection(OneNodeCollection.Name)]
public sealed class RespGarbageTests(OneNode node)
{
    private const string Error = "-ERR Protocol error: ";

    public static TheoryData<string, string, string> Closing => new()
    {
        { "a bulk of 512 MiB and one byte", "*2\r\n$3\r\nGET\r\n$536870913\r\n", Error + "invalid bulk length\r\n" },
        { "a bulk of negative length", "*1\r\n$-5\r\n", Error + "invalid bulk length\r\n" },
        { "a bulk length of letters", "*1\r\n$abc\r\n", Error + "invalid bulk length\r\n" },
        { "a count of letters", "*abc\r\n", Error + "invalid multibulk length\r\n" },
        { "a count beyond 32 bits", "*2147483648\r\n", Error + "invalid multibulk length\r\n" },
        { "a line where a bulk is due", "*1\r\nfoo\r\n", Error + "expected '$', got 'f'\r\n" },
        { "a count without end", "*" + new string('1', 70_000), Error + "too big mbulk count string\r\n" },
        { "a bulk length without end", "*1\r\n$" + new string('1', 70_000), Error + "too big bulk count string\r\n" },
        { "an inline command without end", new string('a', 70_000), Error + "too big inline request\r\n" },
        { "an inline command too long", new string('a', 70_000) + "\r\n", Error + "too big inline request\r\n" },
        { "a quote that does not end", "set a \"x\r\n", Error + "unbalanced quotes in request\r\n" },
        { "an HTTP POST", "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "" },
        { "an HTTP header", "Host: x\r\n\r\n", "" },
        { "good commands before bad ones", "PING\r\n*1\r\nx\r\nPING\r\n",
            "+PONG\r\n" + Error + "expected '$', got 'x'\r\n" },
    };

    [Theory]
    [MemberData(nameof(Closing))]
    public async Task A_request_that_is_none_ends_its_connection(string what, string sent, string expected)
    {
        using var connection = RawConnection.To(node.Port);
        connection.Send(sent);
        var answer = await connection.ReceiveUntilClosedAsync();
        Assert.True(answer == expected, $"{what}: {answer}");
        await node.AssertServesAsync();
    }

    [Theory]
    [InlineData("a negative count", "*-1\r\n")]
    [InlineData("a count of zero", "*0\r\n")]
    [InlineData("empty lines", "\r\n\r\n\n")]
    public async Task A_request_of_nothing_is_passed_over(string what, string sent)
    {
        using var connection = RawConnection.To(node.Port);
        connection.Send(sent + "PING\r\n");
        var answer = await connection.ReceiveAsync(7);
        Assert.True(answer == "+PONG\r\n", $"{what}: {answer}");
    }

    [Fact]
    public async Task Random_bytes_never_stop_the_node()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            using var connection = RawConnection.To(node.Port);
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            // Half of them begin like a request, to get past the first check.
            var start = i % 2 == 0 ? RawConnection.Latin1($"*{random.Next(1, 5)}\r\n$") : [];
            connection.Send([.. start, .. bytes]);
        }
        await node.AssertServesAsync();
        Assert.False(node.Cluster[0].HasExited, $"seed {seed}");
    }

    [Fact]
    public async Task A_pipeline_of_ten_thousand_is_answered_in_order()
    {
        const int Depth = 10_000;
        using var connection = RawConnection.To(node.Port);
        var sent = new StringBuilder();
        var expected = new StringBuilder();
        for (var i = 0; i < Depth; i++)
        {
            sent.Append($"*2\r\n$4\r\nINCR\r\n$4\r\ndeep\r\n*2\r\n$4\r\nECHO\r\n$5\r\n{i:00000}\r\n");
            expected.Append($":{i + 1}\r\n$5\r\n{i:00000}\r\n");
        }
        // All is sent before anything is read: the node must neither stall nor drop.
        connection.Send(sent.ToString());
        Assert.Equal(expected.ToString(), await connection.ReceiveAsync(expected.Length));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_command_leaves_nothing_behind()
    {
        const string Command = "*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$5\r\nvalue\r\n";
        for (var length = 1; length < Command.Length - 2; length++)
        {
            using var connection = RawConnection.To(node.Port);
            connection.Send(Command[..length]);
        }
        using var client = await node.Cluster.ConnectAsync();
        Assert.Equal("nil", client.Call("GET half"));
        await node.AssertServesAsync();
    }

    [Fact]
    public async Task A_command_may_arrive_in_single_bytes()
    {
        using var connection = RawConnection.To(node.Port);
        foreach (var one in RawConnection.Latin1("*3\r\n$3\r\nSET\r\n$5\r\nbytes\r\n$3\r\n\0\r\n\r\n"))
            connection.Send([one]);
        Assert.Equal("+OK\r\n", await connection.ReceiveAsync(5));
    }

    [Fact]
    public async Task Every_byte_value_goes_in_and_comes_back()
    {
        var bytes = Enumerable.Range(0, 4 * 256).Select(i => (byte)i).ToArray();
        using var client = await node.Cluster.ConnectAsync();
        Assert.Equal("+OK", client.Call("SET"u8.ToArray(), bytes, bytes));
        Assert.Equal($"\"{Encoding.Latin1.GetString(bytes)}\"", client.Call("GET"u8.ToArray(), bytes));
        Assert.Equal($"\"{Encoding.Latin1.GetString(bytes)}\"", client.Call("ECHO"u8.ToArray(), bytes));
        Assert.Equal("\"\"", client.Call("ECHO"u8.ToArray(), []));
    }
}
