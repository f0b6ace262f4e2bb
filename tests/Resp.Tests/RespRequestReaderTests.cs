using System.Buffers;
using System.Text;
using Xunit.Abstractions;

namespace ShardStore.Resp.Tests;

public sealed class RespRequestReaderTests(ITestOutputHelper output)
{
    private const string Requests =
        "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nbc\r\n" + "*0\r\n" + "PING\r\n" + "\r\n"
        + "set \"a b\\x00\\n\" 'it\\'s'\n" + "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n";

    private static readonly string[] Expected =
        ["SET|k|a\r\nbc", "PING", "set|a b\0\n|it's", "ECHO|"];

    [Fact]
    public void A_stream_cut_in_two_at_every_byte_reads_the_same()
    {
        var bytes = Encoding.Latin1.GetBytes(Requests);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Expected, ReadAll(new RespRequestReader(), [bytes[..cut], bytes[cut..]], out _));
    }

    [Fact]
    public void A_stream_of_single_bytes_reads_the_same() =>
        Assert.Equal(Expected, ReadAll(new RespRequestReader(), Singles(Encoding.Latin1.GetBytes(Requests)), out _));

    [Fact]
    public void A_sequence_of_one_byte_segments_reads_the_same()
    {
        var input = Segment.Sequence(Singles(Encoding.Latin1.GetBytes(Requests)));
        var reader = new RespRequestReader();
        var arguments = new RespArguments();
        var found = new List<string>();
        while (reader.Read(ref input, arguments) == RespReadResult.Request)
            found.Add(Join(arguments));
        Assert.Equal(Expected, found);
    }

    [Theory]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*3000000000\r\n", "invalid multibulk length")]
    [InlineData("*1\r\nfoo\r\n", "expected '$', got 'f'")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n", "expected '$', got 'f'")]
    [InlineData("*1\r\n$-10\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$2000000000\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$blabla\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$+1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$\r\n", "invalid bulk length")]
    [InlineData("set \"foo bar\r\n", "unbalanced quotes in request")]
    [InlineData("set \"foo\"bar\r\n", "unbalanced quotes in request")]
    public void Malformed_requests_are_named_as_redis_names_them(string text, string error)
    {
        Assert.Empty(ReadAll(new RespRequestReader(), [Encoding.Latin1.GetBytes(text)], out var last));
        Assert.Equal("ERR Protocol error: " + error, last);
    }

    [Theory]
    [InlineData("A", "too big inline request")]
    [InlineData("*", "too big mbulk count string")]
    [InlineData("*1\r\n$", "too big bulk count string")]
    public void Lines_without_an_end_are_refused(string start, string error)
    {
        var text = start + new string('A', 70_000);
        ReadAll(new RespRequestReader(), [Encoding.Latin1.GetBytes(text)], out var last);
        Assert.Equal("ERR Protocol error: " + error, last);
    }

    [Theory]
    [InlineData("*11\r\n", "unauthenticated multibulk length")]
    [InlineData("*1\r\n$16385\r\n", "unauthenticated bulk length")]
    public void Strangers_have_smaller_limits(string text, string error)
    {
        var reader = new RespRequestReader { IsAuthenticated = false };
        ReadAll(reader, [Encoding.Latin1.GetBytes(text)], out var last);
        Assert.Equal("ERR Protocol error: " + error, last);
        Assert.Empty(ReadAll(new RespRequestReader(), [Encoding.Latin1.GetBytes(text)], out last));
        Assert.Equal("", last);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\n")]
    [InlineData("Host: localhost\r\n")]
    public void Http_is_closed_without_a_word(string text)
    {
        var input = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
        Assert.Equal(RespReadResult.CloseSilently, new RespRequestReader().Read(ref input, new RespArguments()));
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_claim_memory()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED"), out var given)
            ? given : Random.Shared.Next();
        output.WriteLine($"Replay with SHARDSTORE_TEST_SEED={seed}");
        var random = new Random(seed);
        const string alphabet = "*$:+-0123456789\r\n\r\n \"'\\xabGET";
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 80)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(20) == 0 ? (byte)random.Next(256) : (byte)alphabet[random.Next(alphabet.Length)];
            var cut = random.Next(bytes.Length);
            var whole = ReadAll(new RespRequestReader(), [bytes], out var wholeError);
            var inParts = ReadAll(new RespRequestReader(), [bytes[..cut], bytes[cut..]], out var partsError);
            Assert.True(whole.SequenceEqual(inParts) && wholeError == partsError, $"seed {seed}, round {round}");
        }
    }

    private static byte[][] Singles(byte[] bytes) => [.. bytes.Select(b => new[] { b })];

    private static string Join(RespArguments arguments) => string.Join(
        '|', Enumerable.Range(0, arguments.Count).Select(i => Encoding.Latin1.GetString(arguments[i])));

    /// <summary>Feeds the pieces as a pipe would: what was not consumed comes again in front of the next.</summary>
    private static List<string> ReadAll(RespRequestReader reader, byte[][] pieces, out string error)
    {
        var found = new List<string>();
        var arguments = new RespArguments();
        var rest = Array.Empty<byte>();
        error = "";
        foreach (var piece in pieces)
        {
            var input = new ReadOnlySequence<byte>([.. rest, .. piece]);
            RespReadResult result;
            while ((result = reader.Read(ref input, arguments)) == RespReadResult.Request)
                found.Add(Join(arguments));
            if (result == RespReadResult.ProtocolError)
            {
                error = reader.ErrorText;
                return found;
            }
            if (result == RespReadResult.CloseSilently)
                return found;
            rest = input.ToArray();
        }
        return found;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Sequence(byte[][] pieces)
        {
            var first = new Segment { Memory = pieces[0] };
            var last = first;
            foreach (var piece in pieces[1..])
            {
                var next = new Segment { Memory = piece, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }
            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
