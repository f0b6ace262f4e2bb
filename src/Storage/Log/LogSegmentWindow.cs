using ShardStore.Storage.Files;

namespace ShardStore.Storage.Log;

/// <summary>Reads a segment front to back through a buffer, so that small batches do not cost a system call each.
/// </summary>
internal sealed class LogSegmentWindow(IFile file)
{
    private const int WindowBytes = 1024 * 1024;

    // Not longer than the file: a start reads every segment, and most logs of tests are small.
    private byte[] _bytes = new byte[Math.Min(WindowBytes, file.Length)];
    private long _start;
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>The bytes at an offset; fewer only at the end of the file. Valid until the next call.</summary>
    public ReadOnlySpan<byte> At(long offset, int count)
    {
        count = (int)Math.Clamp(Length - offset, 0, count);
        if (offset < _start || offset + count > _start + _count)
        {
            if (_bytes.Length < count)
                _bytes = new byte[count];
            _start = offset;
            _count = file.ReadAt(offset, _bytes.AsSpan(0, (int)Math.Min(_bytes.Length, Length - offset)));
        }
        return _bytes.AsSpan((int)(offset - _start), Math.Min(count, _count - (int)(offset - _start)));
    }
}
