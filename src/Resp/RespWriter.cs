using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ShardStore.Resp;

/// <summary>Writes RESP2 or RESP3 into a buffer of its own that is kept for the next use. Requests are arrays of
/// bulk strings, so clients may use it too. Not thread-safe.</summary>
public sealed class RespWriter : IBufferWriter<byte>
{
    /// <summary>A buffer larger than this is given back on <see cref="Clear"/>, so that one large reply does not
    /// hold its memory for the life of a connection. Unit: bytes.</summary>
    public const int KeptBytesMax = 64 * 1024;

    private byte[] _buffer;
    private int _length;

    public RespWriter(int capacityBytes = 128) => _buffer = new byte[capacityBytes];

    /// <summary>2 or 3. Decides how nulls, maps, sets, pushes and verbatim text look.</summary>
    public int Protocol { get; set; } = 2;

    public int Length => _length;
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptBytesMax)
            _buffer = new byte[256];
    }

    /// <summary>Drops what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => _length = Math.Min(_length, length);

    public void WriteOk() => WriteRaw("+OK\r\n"u8);

    public void WriteSimple(string text) => WriteLine((byte)'+', text);

    /// <summary>The text starts with its code, as in "ERR syntax error"; without the '-'. A line break in it would
    /// end the reply early, so breaks become spaces.</summary>
    public void WriteError(string text) => WriteLine((byte)'-', text);

    public void WriteInteger(long value) => WriteHeader((byte)':', value);

    public void WriteBulk(ReadOnlySpan<byte> value)
    {
        WriteHeader((byte)'$', value.Length);
        WriteRaw(value);
        WriteRaw("\r\n"u8);
    }

    public void WriteBulk(string text)
    {
        WriteHeader((byte)'$', Encoding.UTF8.GetByteCount(text));
        WriteText(text);
        WriteRaw("\r\n"u8);
    }

    /// <summary>The number in decimal, as a bulk string.</summary>
    public void WriteBulkInteger(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var count);
        WriteBulk(digits[..count]);
    }

    public void WriteNull() => WriteRaw(Protocol >= 3 ? "_\r\n"u8 : "$-1\r\n"u8);

    public void WriteNullArray() => WriteRaw(Protocol >= 3 ? "_\r\n"u8 : "*-1\r\n"u8);

    public void WriteArrayHeader(int count) => WriteHeader((byte)'*', count);

    /// <summary>In RESP2 a map is an array of twice as many.</summary>
    public void WriteMapHeader(int pairs)
    {
        if (Protocol >= 3)
            WriteHeader((byte)'%', pairs);
        else
            WriteHeader((byte)'*', pairs * 2);
    }

    public void WriteSetHeader(int count) => WriteHeader(Protocol >= 3 ? (byte)'~' : (byte)'*', count);

    public void WritePushHeader(int count) => WriteHeader(Protocol >= 3 ? (byte)'>' : (byte)'*', count);

    /// <summary>Text for people: a verbatim string in RESP3, else a bulk string.</summary>
    public void WriteVerbatim(string text)
    {
        if (Protocol < 3)
        {
            WriteBulk(text);
            return;
        }
        WriteHeader((byte)'=', Encoding.UTF8.GetByteCount(text) + 4);
        WriteRaw("txt:"u8);
        WriteText(text);
        WriteRaw("\r\n"u8);
    }

    /// <summary>Bytes that are RESP already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    private void WriteHeader(byte type, long number)
    {
        var room = Room(24);
        room[0] = type;
        Utf8Formatter.TryFormat(number, room[1..], out var count);
        room[count + 1] = (byte)'\r';
        room[count + 2] = (byte)'\n';
        _length += count + 3;
    }

    private void WriteLine(byte type, string text)
    {
        Room(1)[0] = type;
        _length++;
        var start = _length;
        WriteText(text);
        var line = _buffer.AsSpan(start, _length - start);
        line.Replace((byte)'\r', (byte)' ');
        line.Replace((byte)'\n', (byte)' ');
        WriteRaw("\r\n"u8);
    }

    private void WriteText(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Room(count));
        _length += count;
    }

    private Span<byte> Room(int count)
    {
        var needed = (long)_length + count;
        if (needed > _buffer.Length)
        {
            var size = Math.Min(Math.Max(needed, _buffer.Length * 2L), Array.MaxLength);
            Array.Resize(ref _buffer, checked((int)Math.Max(size, needed)));
        }
        return _buffer.AsSpan(_length, count);
    }
}
