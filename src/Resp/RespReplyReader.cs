using System.Buffers;
using System.Buffers.Text;

namespace ShardStore.Resp;

/// <summary>
/// Finds whole replies in a stream that arrives in pieces. It first only scans, keeping the count of values still
/// missing and the bytes already seen, so a reply of many pieces is not read from its start each time; when the last
/// byte is there, the reply is copied out in one pass. Aggregates need no stack while scanning: an array of n adds n
/// to the count of missing values, each finished value takes one away.
/// No I/O and no locks: one reader belongs to one connection.
/// </summary>
public sealed class RespReplyReader
{
    // Values still missing of the reply under way. 0 = the next byte starts a new reply.
    private long _missing;

    // Bytes of the reply under way that are whole values. Invariant: ends on a value's boundary.
    private long _scannedBytes;

    /// <summary>Takes one reply off the front of <paramref name="buffer"/>. False when it is not all there; then the
    /// same bytes, with more behind them, must be passed next time.</summary>
    /// <exception cref="RespReplyFormatException">The bytes are not RESP; the connection must be closed.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespReply reply)
    {
        if (_missing == 0)
            _missing = 1;
        var scan = new SequenceReader<byte>(buffer);
        scan.Advance(_scannedBytes);
        while (_missing > 0)
        {
            if (!TryScanValue(ref scan))
            {
                reply = default;
                return false;
            }
            _scannedBytes = scan.Consumed;
        }
        reply = RespReplyParser.Parse(buffer.Slice(0, _scannedBytes));
        buffer = buffer.Slice(_scannedBytes);
        _scannedBytes = 0;
        return true;
    }

    private bool TryScanValue(ref SequenceReader<byte> scan)
    {
        if (!TryReadLine(ref scan, out var kind, out var line))
            return false;
        switch ((char)kind)
        {
            case '+' or '-' or ':' or '_' or ',' or '#' or '(':
                _missing--;
                return true;
            case '$' or '!' or '=':
                return TrySkipBulk(ref scan, line);
            case '*' or '~' or '>':
                _missing += Count(line) - 1;
                return true;
            case '%':
                _missing += 2L * Count(line) - 1;
                return true;
            case '|':
                // An attribute decorates the value behind it, so it does not count as a value itself.
                _missing += 2L * Count(line);
                return true;
            default:
                throw new RespReplyFormatException(
                    $"reply starts with byte 0x{kind:x2}; a type mark such as '+', '-', ':', '$' or '*' is allowed");
        }
    }

    private bool TrySkipBulk(ref SequenceReader<byte> scan, scoped ReadOnlySpan<byte> line)
    {
        var length = ReadLength(line, RespReplyLimits.BulkBytesMax, "bulk length");
        if (length >= 0)
        {
            if (scan.Remaining < length + 2)
                return false;
            scan.Advance(length);
            if (!scan.TryRead(out var cr) || !scan.TryRead(out var lf) || cr != '\r' || lf != '\n')
                throw new RespReplyFormatException($"bulk of {length} bytes is not closed by CR LF");
        }
        _missing--;
        return true;
    }

    private static int Count(ReadOnlySpan<byte> line) =>
        Math.Max(0, ReadLength(line, RespReplyLimits.ElementsMax, "element count"));

    /// <summary>The type mark and the text up to CR LF.</summary>
    internal static bool TryReadLine(
        ref SequenceReader<byte> scan, out byte kind, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (!scan.TryPeek(out kind))
            return false;
        if (!scan.TryReadTo(out line, "\r\n"u8))
        {
            if (scan.Remaining > RespReplyLimits.LineBytesMax)
                throw new RespReplyFormatException(
                    $"line of {scan.Remaining} bytes without CR LF; at most {RespReplyLimits.LineBytesMax} allowed");
            return false;
        }
        if (line.IsEmpty)
            throw new RespReplyFormatException("an empty line stands where a reply should start");
        line = line[1..];
        return true;
    }

    /// <summary>A length; -1 is a null of RESP2.</summary>
    internal static int ReadLength(ReadOnlySpan<byte> line, int max, string what)
    {
        if (Utf8Parser.TryParse(line, out int length, out var used) && used == line.Length
            && length >= -1 && length <= max)
            return length;
        var text = System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)]);
        throw new RespReplyFormatException($"{what} '{text}' is not a number from -1 to {max}");
    }
}
