using System.Buffers;

namespace ShardStore.Node.Transport;

/// <summary>A growing byte buffer that is used again for every frame.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    // A rare huge frame must not hold its memory for ever.
    private const int BytesKept = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    public void Reset()
    {
        Length = 0;
        if (_bytes.Length > BytesKept)
            _bytes = new byte[BytesKept];
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Rewind(int length) => Length = length;

    /// <summary>Room for exactly <paramref name="count"/> bytes, counted as written.</summary>
    public Span<byte> Take(int count)
    {
        Ensure(count);
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Ensure(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, (int)Math.Max((long)Length + count, Math.Min(2L * _bytes.Length, 1 << 30)));
    }
}
