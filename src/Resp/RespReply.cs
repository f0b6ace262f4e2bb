using System.Buffers.Text;
using System.Text;

namespace ShardStore.Resp;

/// <summary>One reply, copied out of the receive buffer. Scalars without text (integers, nulls, <c>+OK</c>) cost no
/// allocation; a bulk string costs its own bytes and nothing else.</summary>
public readonly struct RespReply
{
    private static readonly byte[] s_okBytes = "OK"u8.ToArray();

    private readonly object? _content;
    private readonly long _integer;

    private RespReply(RespReplyKind kind, object? content, long integer)
    {
        Kind = kind;
        _content = content;
        _integer = integer;
    }

    public static RespReply Ok => new(RespReplyKind.SimpleString, s_okBytes, 0);

    public static RespReply Null => new(RespReplyKind.Null, null, 0);

    public RespReplyKind Kind { get; }

    public bool IsError => Kind == RespReplyKind.Error;

    public bool IsNull => Kind == RespReplyKind.Null;

    /// <summary>The number of an integer reply; 1 or 0 for a boolean; 0 for anything else.</summary>
    public long Integer => _integer;

    /// <summary>The bytes of a textual reply, owned by this reply; empty for numbers, nulls and aggregates.</summary>
    public ReadOnlyMemory<byte> Bytes => _content as byte[];

    /// <summary>The elements of an aggregate. A map is flat: key, value, key, value.</summary>
    public ReadOnlyMemory<RespReply> Items => _content as RespReply[];

    /// <summary>The reply as text: the bytes as UTF-8, or the number in digits.</summary>
    public string Text => Kind is RespReplyKind.Integer or RespReplyKind.Boolean
        ? _integer.ToString()
        : Encoding.UTF8.GetString(Bytes.Span);

    public static RespReply OfInteger(long value) => new(RespReplyKind.Integer, null, value);

    public static RespReply OfBoolean(bool value) => new(RespReplyKind.Boolean, null, value ? 1 : 0);

    public static RespReply OfBytes(RespReplyKind kind, byte[] bytes) => new(kind, bytes, 0);

    public static RespReply OfItems(RespReplyKind kind, RespReply[] items) => new(kind, items, 0);

    /// <summary>Reads a number from an integer reply or from a textual one that holds only digits: servers send
    /// counters both ways.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _integer;
        if (Kind is RespReplyKind.Integer or RespReplyKind.Boolean)
            return true;
        var text = Bytes.Span;
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && used > 0;
    }

    public override string ToString() => _content is RespReply[] items ? $"{Kind} of {items.Length}" : Text;
}
