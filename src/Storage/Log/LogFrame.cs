namespace ShardStore.Storage.Log;

/// <summary>A batch as bytes, in a buffer that is used again, with the place of each record in it.</summary>
internal sealed class LogFrame(ulong salt)
{
    private const int BytesMin = 64 * 1024;
    private const int BytesKept = 8 * 1024 * 1024;

    private byte[] _bytes = new byte[BytesMin];
    private readonly List<int> _offsets = [];
    private int _length;
    private int _records;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Offset of a record from the start of the frame.</summary>
    public int OffsetOf(int record) => _offsets[record];

    public void Begin(long recordBytes)
    {
        var bytes = recordBytes + LogFormat.BatchHeaderBytes + LogFormat.Alignment;
        if (bytes > LogFormat.BatchBytesMax)
            throw new ArgumentException($"a batch of {bytes} bytes is too large, allowed are at most "
                + $"{LogFormat.BatchBytesMax}");
        // A rare huge batch must not hold its memory for ever.
        if (_bytes.Length > BytesKept && bytes < BytesKept)
            _bytes = new byte[BytesKept];
        if (_bytes.Length < bytes)
            _bytes = new byte[Math.Max(bytes, Math.Min(2L * _bytes.Length, LogFormat.BatchBytesMax))];
        _offsets.Clear();
        _records = 0;
        _length = LogFormat.BatchHeaderBytes;
    }

    public void Add(in LogOperation operation, ulong sequence)
    {
        _offsets.Add(_length);
        _length += LogRecordCodec.Write(_bytes.AsSpan(_length), salt, sequence, operation);
        _records++;
    }

    public void End(ulong sequence)
    {
        var aligned = LogFormat.Align(_length);
        _bytes.AsSpan(_length, aligned - _length).Clear();
        _length = aligned;
        LogFormat.WriteBatchHeader(_bytes, salt, sequence, _records, _length - LogFormat.BatchHeaderBytes);
    }
}
