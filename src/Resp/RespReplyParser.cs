using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ShardStore.Resp;

/// <summary>Turns the bytes of one whole reply, already scanned by <see cref="RespReplyReader"/>, into a value.
/// </summary>
internal static class RespReplyParser
{
    internal static RespReply Parse(ReadOnlySequence<byte> whole)
    {
        var scan = new SequenceReader<byte>(whole);
        return ParseValue(ref scan, 0);
    }

    private static RespReply ParseValue(ref SequenceReader<byte> scan, int depth)
    {
        if (depth > RespReplyLimits.DepthMax)
            throw new RespReplyFormatException($"reply nests deeper than {RespReplyLimits.DepthMax} levels");
        if (!RespReplyReader.TryReadLine(ref scan, out var kind, out var line))
            throw new RespReplyFormatException("reply ends in the middle of a value");
        return (char)kind switch
        {
            '+' => line.SequenceEqual("OK"u8)
                ? RespReply.Ok
                : RespReply.OfBytes(RespReplyKind.SimpleString, line.ToArray()),
            '-' => RespReply.OfBytes(RespReplyKind.Error, line.ToArray()),
            ':' => RespReply.OfInteger(ReadInteger(line)),
            '_' => RespReply.Null,
            ',' => RespReply.OfBytes(RespReplyKind.Double, line.ToArray()),
            '#' => RespReply.OfBoolean(line.SequenceEqual("t"u8)),
            '(' => RespReply.OfBytes(RespReplyKind.BigNumber, line.ToArray()),
            '$' => ParseBulk(ref scan, line, RespReplyKind.BulkString),
            '!' => ParseBulk(ref scan, line, RespReplyKind.Error),
            '=' => ParseBulk(ref scan, line, RespReplyKind.Verbatim),
            '|' => ParseDecorated(ref scan, line, depth),
            _ => ParseItems(ref scan, (char)kind, line, depth),
        };
    }

    private static RespReply ParseBulk(
        ref SequenceReader<byte> scan, scoped ReadOnlySpan<byte> line, RespReplyKind kind)
    {
        var length = RespReplyReader.ReadLength(line, RespReplyLimits.BulkBytesMax, "bulk length");
        if (length < 0)
            return RespReply.Null;
        var bytes = length == 0 ? [] : GC.AllocateUninitializedArray<byte>(length);
        scan.TryCopyTo(bytes);
        scan.Advance(length + 2);
        // A verbatim string carries its format ("txt:") in front of the text.
        return RespReply.OfBytes(kind, kind == RespReplyKind.Verbatim && length >= 4 ? bytes[4..] : bytes);
    }

    private static RespReply ParseItems(
        ref SequenceReader<byte> scan, char mark, scoped ReadOnlySpan<byte> line, int depth)
    {
        var count = RespReplyReader.ReadLength(line, RespReplyLimits.ElementsMax, "element count");
        if (count < 0)
            return RespReply.Null;
        var items = new RespReply[mark == '%' ? count * 2 : count];
        for (var i = 0; i < items.Length; i++)
            items[i] = ParseValue(ref scan, depth + 1);
        return RespReply.OfItems(KindOf(mark), items);
    }

    private static RespReply ParseDecorated(ref SequenceReader<byte> scan, scoped ReadOnlySpan<byte> line, int depth)
    {
        var count = RespReplyReader.ReadLength(line, RespReplyLimits.ElementsMax, "element count");
        for (var i = 0; i < 2 * count; i++)
            ParseValue(ref scan, depth + 1);
        return ParseValue(ref scan, depth + 1);
    }

    private static RespReplyKind KindOf(char mark) => mark switch
    {
        '*' => RespReplyKind.Array,
        '%' => RespReplyKind.Map,
        '~' => RespReplyKind.Set,
        _ => RespReplyKind.Push,
    };

    private static long ReadInteger(ReadOnlySpan<byte> line)
    {
        if (Utf8Parser.TryParse(line, out long value, out var used) && used == line.Length)
            return value;
        throw new RespReplyFormatException($"integer '{Encoding.UTF8.GetString(line)}' is not a 64-bit number");
    }
}
