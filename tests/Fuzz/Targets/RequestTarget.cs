using System.Buffers;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Fuzz.Targets;

/// <summary>Requests of clients, as arrays and as lines, in pieces of odd sizes.</summary>
internal sealed class RequestTarget : IFuzzTarget
{
    public string Name => "request";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. new[]
    {
        "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n",
        "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n",
        "*1\r\n$4\r\nPING\r\nPING\r\nSET a \"b c\\x41\" 'd'\r\n",
        "*0\r\n*-1\r\n\r\n*1\r\n$7\r\nCOMMAND\r\n",
        "*5\r\n$4\r\nMSET\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    }.Select(Encoding.UTF8.GetBytes)];

    public void Seal(byte[] input)
    {
        // No checksum.
    }

    public bool Read(byte[] input)
    {
        var (reader, into) = (new RespRequestReader(), new RespArguments());
        var rest = ReadOnlySequence<byte>.Empty;
        var (taken, piece) = (0, 1);
        while (true)
        {
            var before = rest.Length;
            switch (reader.Read(ref rest, into))
            {
                case RespReadResult.NeedMore when taken == input.Length:
                    return true;
                case RespReadResult.NeedMore:
                    // What is unread goes before the next piece, as in a connection's buffer.
                    piece = Math.Min((piece * 3 % 17) + 1, input.Length - taken);
                    rest = new ReadOnlySequence<byte>([.. rest.ToArray(), .. input.AsSpan(taken, piece)]);
                    taken += piece;
                    break;
                case RespReadResult.Request when rest.Length == before && before > 0 && into.Count > 0:
                    throw new InvalidOperationException("a request was read without taking a byte");
                case RespReadResult.ProtocolError when reader.ErrorText.Length == 0:
                    throw new InvalidOperationException("refused without a word");
                case RespReadResult.ProtocolError or RespReadResult.CloseSilently:
                    return false;
            }
        }
    }

    public bool IsRefusal(Exception error) => false;
}
