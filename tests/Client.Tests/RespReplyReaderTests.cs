using System.Buffers;
using System.Text;
using ShardStore.Resp;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>Each payload is read whole, cut in two at every byte, and one byte a segment.</summary>
public sealed class RespReplyReaderTests
{
    public static TheoryData<string, string> Payloads => new()
    {
        { "+OK\r\n", "SimpleString(OK)" },
        { "+\r\n", "SimpleString()" },
        { "-MOVED 3999 127.0.0.1:6381\r\n", "Error(MOVED 3999 127.0.0.1:6381)" },
        { ":-9223372036854775808\r\n", "Integer(-9223372036854775808)" },
        { "$5\r\na\r\nbc\r\n", "BulkString(a\r\nbc)" },
        { "$0\r\n\r\n", "BulkString()" },
        { "$-1\r\n", "Null" },
        { "*-1\r\n", "Null" },
        { "_\r\n", "Null" },
        { "*0\r\n", "Array[]" },
        { "*2\r\n*1\r\n:1\r\n*2\r\n$1\r\nx\r\n*0\r\n", "Array[Array[Integer(1)] Array[BulkString(x) Array[]]]" },
        { "%1\r\n+a\r\n:1\r\n", "Map[SimpleString(a) Integer(1)]" },
        { "~2\r\n:1\r\n:2\r\n", "Set[Integer(1) Integer(2)]" },
        { ">2\r\n+x\r\n+y\r\n", "Push[SimpleString(x) SimpleString(y)]" },
        { ",1.5\r\n", "Double(1.5)" },
        { "#t\r\n", "Boolean(1)" },
        { "(12345678901234567890\r\n", "BigNumber(12345678901234567890)" },
        { "=8\r\ntxt:some\r\n", "Verbatim(some)" },
        { "!5\r\nERR x\r\n", "Error(ERR x)" },
        { "|1\r\n+ttl\r\n:5\r\n$1\r\nv\r\n", "BulkString(v)" },
        { "*2\r\n|1\r\n+k\r\n+v\r\n:1\r\n:2\r\n", "Array[Integer(1) Integer(2)]" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_reply_reads_the_same_wherever_it_is_cut(string payload, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new RespReplyReader();
            var head = new ReadOnlySequence<byte>(bytes, 0, cut);
            Assert.Equal(cut == bytes.Length, reader.TryRead(ref head, out var reply));
            var whole = Pieces.Of(bytes[..cut], bytes[cut..]);
            Assert.True(cut == bytes.Length || reader.TryRead(ref whole, out reply));
            Assert.Equal(expected, Describe(reply));
        }
        var single = Pieces.Of([.. bytes.Select(b => new[] { b })]);
        Assert.True(new RespReplyReader().TryRead(ref single, out var fromBytes));
        Assert.Equal(expected, Describe(fromBytes));
        Assert.Equal(0, single.Length);
    }

    [Fact]
    public void Replies_behind_one_another_come_off_one_by_one()
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("+a\r\n*1\r\n:7\r\n$-1\r\n+tail"));
        var reader = new RespReplyReader();
        var seen = new List<string>();
        while (reader.TryRead(ref buffer, out var reply))
            seen.Add(Describe(reply));
        Assert.Equal(["SimpleString(a)", "Array[Integer(7)]", "Null"], seen);
        Assert.Equal(5, buffer.Length);
    }

    [Theory]
    [InlineData("x\r\n", "type mark")]
    [InlineData("$abc\r\n", "bulk length 'abc'")]
    [InlineData("$-2\r\n", "bulk length '-2'")]
    [InlineData("$536870913\r\n", "bulk length '536870913'")]
    [InlineData("*99999999999\r\n", "element count")]
    [InlineData("$1\r\nabc\r\n", "not closed")]
    [InlineData(":12x\r\n", "integer '12x'")]
    public void Bytes_that_are_not_a_reply_are_refused_by_name(string payload, string expected)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload));
        var error = Assert.Throws<RespReplyFormatException>(() =>
        {
            var left = buffer;
            new RespReplyReader().TryRead(ref left, out _);
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_not_recursed()
    {
        var deep = string.Concat(Enumerable.Repeat("*1\r\n", 100_000)) + ":1\r\n";
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(deep));
        Assert.Throws<RespReplyFormatException>(() =>
        {
            var left = buffer;
            new RespReplyReader().TryRead(ref left, out _);
        });
    }

    [Fact]
    public void Random_bytes_never_do_worse_than_a_format_error()
    {
        const int seed = 20261;
        var random = new Random(seed);
        var alphabet = "+-:$*~%>|,#(=!_0123456789\r\nab"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = alphabet[random.Next(alphabet.Length)];
            var buffer = new ReadOnlySequence<byte>(bytes);
            var error = Record.Exception(() => Drain(buffer));
            Assert.True(
                error is null or RespReplyFormatException,
                $"seed {seed}, round {round}, {Convert.ToHexString(bytes)}: {error}");
        }
    }

    private static void Drain(ReadOnlySequence<byte> buffer)
    {
        var reader = new RespReplyReader();
        while (reader.TryRead(ref buffer, out _))
            Assert.True(buffer.Length >= 0);
    }

    private static string Describe(RespReply reply)
    {
        if (reply.Kind is RespReplyKind.Array or RespReplyKind.Map or RespReplyKind.Set or RespReplyKind.Push)
            return $"{reply.Kind}[{string.Join(' ', reply.Items.ToArray().Select(Describe))}]";
        return reply.IsNull ? "Null" : $"{reply.Kind}({reply.Text})";
    }
}
