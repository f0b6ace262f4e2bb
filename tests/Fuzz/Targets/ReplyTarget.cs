using System.Buffers;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Fuzz.Targets;

/// <summary>Replies of a server, as the SDK reads them.</summary>
internal sealed class ReplyTarget : IFuzzTarget
{
    public string Name => "reply";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. new[]
    {
        "+OK\r\n:12\r\n$5\r\nvalue\r\n$-1\r\n-MOVED 12 127.0.0.1:7001\r\n",
        "*3\r\n:1\r\n*2\r\n+a\r\n$1\r\nb\r\n*-1\r\n",
        "%2\r\n+k\r\n:1\r\n+l\r\n#t\r\n_\r\n,1.5\r\n(123456789012345678901\r\n",
        "~2\r\n+a\r\n+b\r\n>2\r\n+message\r\n+x\r\n=7\r\ntxt:abc\r\n!5\r\nERR x\r\n",
    }.Select(Encoding.UTF8.GetBytes)];

    public void Seal(byte[] input)
    {
        // No checksum.
    }

    public bool Read(byte[] input)
    {
        var reader = new RespReplyReader();
        var rest = new ReadOnlySequence<byte>(input);
        while (!rest.IsEmpty)
        {
            var before = rest.Length;
            if (!reader.TryRead(ref rest, out _))
                return false;
            if (rest.Length == before)
                throw new InvalidOperationException("a reply was read without taking a byte");
        }
        return true;
    }

    public bool IsRefusal(Exception error) => error is RespReplyFormatException;
}
