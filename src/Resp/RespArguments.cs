namespace ShardStore.Resp;

/// <summary>Owns the arguments of one request: one block of bytes and the ends of the arguments in it. Kept and
/// reused by its owner; the single copy a request is given on its way from the socket.</summary>
public sealed class RespArguments
{
    /// <summary>Larger blocks are given back on <see cref="Clear"/>. Unit: bytes.</summary>
    public const int KeptBytesMax = 64 * 1024;

    private const int KeptArgumentsMax = 1024;

    private byte[] _bytes = new byte[128];
    private int[] _ends = new int[8];
    private int _used;

    public int Count { get; private set; }
    public int ByteCount => _used;
    public ArgumentList List => new(_bytes, _ends.AsSpan(0, Count));
    public ReadOnlySpan<byte> this[int index] => List[index];

    public void Clear()
    {
        Count = 0;
        _used = 0;
        if (_bytes.Length > KeptBytesMax)
            _bytes = new byte[128];
        if (_ends.Length > KeptArgumentsMax)
            _ends = new int[8];
    }

    public void Add(ReadOnlySpan<byte> argument)
    {
        Append(argument);
        EndArgument();
    }

    public void Add(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out var count);
        Add(digits[..count]);
    }

    public void AddAll(ArgumentList arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
            Add(arguments[i]);
    }

    /// <summary>Adds bytes to the argument that is being received.</summary>
    internal void Append(ReadOnlySpan<byte> part)
    {
        var needed = (long)_used + part.Length;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, checked((int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength)));
        part.CopyTo(_bytes.AsSpan(_used));
        _used += part.Length;
    }

    internal void EndArgument()
    {
        if (Count == _ends.Length)
            Array.Resize(ref _ends, Count * 2);
        _ends[Count++] = _used;
    }
}
