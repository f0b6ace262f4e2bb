using System.Buffers;
using System.Buffers.Text;

namespace ShardStore.Resp;

/// <summary>Reads requests (RESP arrays and inline lines) out of a byte sequence that may end anywhere. Resumable:
/// bytes that were understood are taken off the input at once, so a large argument that arrives in many pieces is
/// never looked at twice. After a protocol error the reader must not be used again.</summary>
public sealed class RespRequestReader
{
    private const int BetweenRequests = -1;
    private const int BetweenArguments = -1;

    private readonly RespLimits _limits;
    private int _argumentsLeft = BetweenRequests;
    private long _bulkLeft = BetweenArguments;
    private int _terminatorLeft;

    public RespRequestReader(RespLimits? limits = null) => _limits = limits ?? RespLimits.Default;

    /// <summary>False: the smaller limits for strangers hold.</summary>
    public bool IsAuthenticated { get; set; } = true;

    /// <summary>After <see cref="RespReadResult.ProtocolError"/>: what to answer, without the '-'.</summary>
    public string ErrorText { get; private set; } = "";

    /// <summary>Reads on from where it stopped. <paramref name="into"/> must be the same, untouched, object until a
    /// request is complete.</summary>
    public RespReadResult Read(ref ReadOnlySequence<byte> input, RespArguments into)
    {
        while (true)
        {
            if (_argumentsLeft == BetweenRequests)
            {
                if (input.IsEmpty)
                    return RespReadResult.NeedMore;
                into.Clear();
                var result = FirstByte(input) == '*' ? ReadCount(ref input) : ReadInline(ref input, into);
                if (result != null)
                    return result.Value;
                continue;
            }
            if (_argumentsLeft == 0)
            {
                _argumentsLeft = BetweenRequests;
                return RespReadResult.Request;
            }
            var argument = ReadArgument(ref input, into);
            if (argument != null)
                return argument.Value;
        }
    }

    /// <summary>Null: go on.</summary>
    private RespReadResult? ReadCount(ref ReadOnlySequence<byte> input)
    {
        Span<byte> scratch = stackalloc byte[32];
        if (!TryTakeLine(ref input, scratch, out var line, out var isTooLong))
            return isTooLong ? Fail("too big mbulk count string") : RespReadResult.NeedMore;
        if (!TryParse(line[1..], out var count) || count > _limits.ArgumentsMax)
            return Fail("invalid multibulk length");
        if (!IsAuthenticated && count > _limits.UnauthenticatedArgumentsMax)
            return Fail("unauthenticated multibulk length");
        if (count > 0)
            _argumentsLeft = (int)count;
        return null;
    }

    private RespReadResult? ReadArgument(ref ReadOnlySequence<byte> input, RespArguments into)
    {
        if (_bulkLeft == BetweenArguments)
        {
            var header = ReadBulkLength(ref input, into);
            if (header != null)
                return header;
        }
        CopyBulk(ref input, into);
        if (_bulkLeft > 0)
            return RespReadResult.NeedMore;
        // Like Redis, the two bytes after an argument are skipped whatever they are.
        var skip = (int)Math.Min(_terminatorLeft, input.Length);
        input = input.Slice(skip);
        _terminatorLeft -= skip;
        if (_terminatorLeft > 0)
            return RespReadResult.NeedMore;
        into.EndArgument();
        _bulkLeft = BetweenArguments;
        _argumentsLeft--;
        return null;
    }

    private RespReadResult? ReadBulkLength(ref ReadOnlySequence<byte> input, RespArguments into)
    {
        if (input.IsEmpty)
            return RespReadResult.NeedMore;
        Span<byte> scratch = stackalloc byte[32];
        var first = FirstByte(input);
        if (!TryTakeLine(ref input, scratch, out var line, out var isTooLong))
            return isTooLong ? Fail("too big bulk count string") : RespReadResult.NeedMore;
        if (first != '$')
            return Fail($"expected '$', got '{(char)first}'");
        if (!TryParse(line[1..], out var length) || length < 0 || length > _limits.BulkBytesMax)
            return Fail("invalid bulk length");
        if (!IsAuthenticated && length > _limits.UnauthenticatedBulkBytesMax)
            return Fail("unauthenticated bulk length");
        if (into.ByteCount + length > _limits.RequestBytesMax)
            return Fail("too big request");
        _bulkLeft = length;
        _terminatorLeft = 2;
        return null;
    }

    private void CopyBulk(ref ReadOnlySequence<byte> input, RespArguments into)
    {
        var count = Math.Min(_bulkLeft, input.Length);
        foreach (var part in input.Slice(0, count))
            into.Append(part.Span);
        input = input.Slice(count);
        _bulkLeft -= count;
    }

    private RespReadResult? ReadInline(ref ReadOnlySequence<byte> input, RespArguments into)
    {
        var end = input.PositionOf((byte)'\n');
        if (end == null)
            return input.Length > _limits.LineBytesMax ? Fail("too big inline request") : RespReadResult.NeedMore;
        var line = input.Slice(0, end.Value);
        if (line.Length > _limits.LineBytesMax)
            return Fail("too big inline request");
        var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        input = input.Slice(input.GetPosition(1, end.Value));
        if (!InlineSplitter.TrySplit(text.TrimEnd((byte)'\r'), into))
            return Fail("unbalanced quotes in request");
        if (into.Count == 0)
            return null;
        if (IsHttp(into[0]))
            return RespReadResult.CloseSilently;
        if (!IsAuthenticated && into.Count > _limits.UnauthenticatedArgumentsMax)
            return Fail("unauthenticated multibulk length");
        return RespReadResult.Request;
    }

    private static bool IsHttp(ReadOnlySpan<byte> word) =>
        System.Text.Ascii.EqualsIgnoreCase(word, "POST"u8) || System.Text.Ascii.EqualsIgnoreCase(word, "Host:"u8);

    /// <summary>Takes a line that ends at '\r' and any one byte, as Redis does. A line longer than the scratch can
    /// hold no number that is allowed: it is cut, and the number is then refused.</summary>
    private bool TryTakeLine(
        ref ReadOnlySequence<byte> input, Span<byte> scratch, out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        line = default;
        var end = input.PositionOf((byte)'\r');
        isTooLong = end == null && input.Length > _limits.LineBytesMax;
        if (end == null)
            return false;
        var head = input.Slice(0, end.Value);
        if (input.Length < head.Length + 2)
            return false;
        var count = (int)Math.Min(head.Length, scratch.Length);
        head.Slice(0, count).CopyTo(scratch);
#pragma warning disable CS9080, CS9081 // The scratch is the caller's and outlives the line.
        line = scratch[..count];
#pragma warning restore CS9080, CS9081
        input = input.Slice(head.Length + 2);
        return true;
    }

    /// <summary>The first segment may be empty although the sequence is not.</summary>
    private static byte FirstByte(in ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        return reader.TryPeek(out var first) ? first : (byte)0;
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, out long value) =>
        Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && digits[0] != '+';

    private RespReadResult Fail(string what)
    {
        ErrorText = "ERR Protocol error: " + what;
        return RespReadResult.ProtocolError;
    }
}
