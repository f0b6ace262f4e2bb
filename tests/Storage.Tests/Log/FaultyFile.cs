using ShardStore.Storage.Files;

namespace ShardStore.Storage.Tests.Log;

public sealed class FaultyFile(FaultyFileSystem owner, string path) : IFile
{
    private const int SectorBytes = 512;

    private byte[] _synced = [];

    public byte[] Bytes { get; set; } = [];

    public string Path { get; } = path;

    public long Length => Bytes.Length;

    public int ReadAt(long offset, Span<byte> into)
    {
        var count = (int)Math.Clamp(Bytes.Length - offset, 0, into.Length);
        Bytes.AsSpan((int)Math.Min(offset, Bytes.Length), count).CopyTo(into);
        return count;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        owner.Change($"write {Path}");
        if (offset + bytes.Length > Bytes.Length)
            Resize(offset + bytes.Length);
        bytes.CopyTo(Bytes.AsSpan((int)offset));
    }

    public void SetLength(long length)
    {
        owner.Change($"truncate {Path}");
        Resize(length);
    }

    public void Preallocate(long length)
    {
        owner.Change($"reserve {Path}");
        if (length <= Bytes.Length)
            return;
        owner.RequireSpace(length - Bytes.Length);
        Resize(length);
    }

    public void Sync()
    {
        owner.CountSync();
        owner.Change($"sync {Path}");
        _synced = (byte[])Bytes.Clone();
    }

    public void Dispose()
    {
        // Contents belong to the file system, not to a handle.
    }

    public FaultyFile Crash(FaultyFileSystem after, Random random)
    {
        var length = random.Next(2) == 0 ? Bytes.Length : _synced.Length;
        var bytes = new byte[length];
        for (var start = 0; start < length; start += SectorBytes)
        {
            var sector = bytes.AsSpan(start, Math.Min(SectorBytes, length - start));
            var (first, second) = random.Next(2) == 0 ? (_synced, Bytes) : (Bytes, _synced);
            // One in eight sectors is itself torn: its front is of one version, its rest of the other.
            var cut = random.Next(8) == 0 ? random.Next(sector.Length + 1) : sector.Length;
            Copy(first, start, sector[..cut]);
            Copy(second, start + cut, sector[cut..]);
        }
        return new FaultyFile(after, Path) { Bytes = bytes, _synced = (byte[])bytes.Clone() };
    }

    private static void Copy(byte[] from, int offset, Span<byte> into)
    {
        var count = Math.Clamp(from.Length - offset, 0, into.Length);
        if (count > 0)
            from.AsSpan(offset, count).CopyTo(into);
    }

    private void Resize(long length)
    {
        var bytes = Bytes;
        Array.Resize(ref bytes, (int)length);
        Bytes = bytes;
    }
}
