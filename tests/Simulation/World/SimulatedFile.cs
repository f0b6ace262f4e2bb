using ShardStore.Storage.Files;

namespace ShardStore.Simulation.World;

/// <summary>A file whose unsynced sectors remember what is on the platter below them.</summary>
public sealed class SimulatedFile(SimulatedDisk disk, string path) : IFile
{
    private const int SectorBytes = 512;
    private readonly SortedDictionary<long, byte[]> _dirty = [];
    private byte[] _bytes = [];
    private int _syncedLength;

    public string Path { get; } = path;

    public long Length => _bytes.Length;

    public int ReadAt(long offset, Span<byte> into)
    {
        var count = (int)Math.Clamp(_bytes.Length - offset, 0, into.Length);
        _bytes.AsSpan((int)Math.Min(offset, _bytes.Length), count).CopyTo(into);
        return count;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset + bytes.Length > _bytes.Length)
            SetLength(offset + bytes.Length);
        for (var sector = offset / SectorBytes; sector * SectorBytes < offset + bytes.Length; sector++)
            Remember(sector);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
    }

    public void SetLength(long length) => Array.Resize(ref _bytes, (int)length);

    public void Preallocate(long length)
    {
        if (length > _bytes.Length)
            SetLength(length);
    }

    public void Sync()
    {
        disk.BeforeSync(Path);
        _dirty.Clear();
        _syncedLength = _bytes.Length;
    }

    public void Dispose()
    {
        // The contents belong to the disk, not to a handle.
    }

    /// <summary>The power fails: each dirty sector is old, new, or the front of one and the rest of the other.
    /// </summary>
    public void LosePower(Random random)
    {
        foreach (var (sector, old) in _dirty)
        {
            var fate = random.Next(8);
            if (fate < 3)
                Restore(sector, old, 0);
            else if (fate == 3)
                Restore(sector, old, random.Next(old.Length + 1));
        }
        _dirty.Clear();
        if (random.Next(2) == 0 && _syncedLength < _bytes.Length)
            SetLength(_syncedLength);
        _syncedLength = _bytes.Length;
    }

    private void Remember(long sector)
    {
        if (_dirty.ContainsKey(sector))
            return;
        var start = (int)(sector * SectorBytes);
        _dirty[sector] = _bytes.AsSpan(start, Math.Min(SectorBytes, _bytes.Length - start)).ToArray();
    }

    private void Restore(long sector, byte[] old, int from)
    {
        var start = (int)(sector * SectorBytes);
        var count = Math.Min(old.Length, _bytes.Length - start) - from;
        if (count > 0)
            old.AsSpan(from, count).CopyTo(_bytes.AsSpan(start + from));
    }
}
