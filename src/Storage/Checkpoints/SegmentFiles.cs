using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Faster;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Checkpoints;

/// <summary>Reads a log's bytes by address from its segment files. The files are opened at once and stay readable
/// after the store has deleted them. Thread-safe.</summary>
internal sealed class SegmentFiles : IDisposable
{
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly Dictionary<int, SafeFileHandle> _files = [];

    public SegmentFiles(string directory, long segmentBytes)
    {
        _directory = directory;
        _segmentBytes = segmentBytes;
        foreach (int segment in LogDevice.SegmentsOf(directory))
        {
            _files[segment] = File.OpenHandle(LogDevice.PathOf(directory, segment), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
        }
    }

    public string PathAt(long address) => LogDevice.PathOf(_directory, (int)(address / _segmentBytes));

    /// <summary>Fills the whole span; bytes that are missing are damage.</summary>
    public void Read(long address, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            long offset = address % _segmentBytes;
            if (!_files.TryGetValue((int)(address / _segmentBytes), out SafeFileHandle? file))
                throw new StorageCorruptException(PathAt(address), offset, "a log segment, but the file is missing");
            int wanted = (int)Math.Min(into.Length, _segmentBytes - offset);
            int got = ReadSome(file, into[..wanted], address);
            if (got == 0)
                throw new StorageCorruptException(PathAt(address), offset, $"{wanted} more bytes, but the file ends");
            into = into[got..];
            address += got;
        }
    }

    /// <summary>Asks the system to drop its copy of these bytes, so that the next read comes from the disk. What is
    /// not written back yet stays.</summary>
    public void ForgetCached(long address, int length)
    {
        if (_files.TryGetValue((int)(address / _segmentBytes), out SafeFileHandle? file))
            LibC.ForgetCached(file, address % _segmentBytes, length);
    }

    /// <summary>A sector that the disk cannot read any more is damage like one that it reads wrong.</summary>
    private int ReadSome(SafeFileHandle file, Span<byte> into, long address)
    {
        try
        {
            return RandomAccess.Read(file, into, address % _segmentBytes);
        }
        catch (IOException failure)
        {
            throw new StorageCorruptException(
                PathAt(address), address % _segmentBytes, $"readable bytes: {failure.Message}", failure);
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files.Values)
            file.Dispose();
    }
}
