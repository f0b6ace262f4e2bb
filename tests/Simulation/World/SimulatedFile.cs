using ShardStore.Storage.Files;

namespace ShardStore.Simulation.World;

/// <summary>A file whose unsynced sectors remember what is on the platter below them.</summary>
public sealed class SimulatedFile(SimulatedDisk disk, string path) : IFile
{
    private const int SectorBytes = 512;
    private readonly SortedDictionary<long, byte[]> _dirty = [];
    private byte[] _bytes = [];
    private int _syncedLength;
    private long _lastWrite;

    public string Path { get; } = path;

    public long Length => _bytes.Length;

    /// <summary>Up to where later writes show that the bytes were durable. Unit: bytes.</summary>
    public long ProvenLength { get; private set; }

    public int ReadAt(long offset, Span<byte> into)
    {
        disk.Damage.ThrowIfUnreadable(Path);
        var count = (int)Math.Clamp(_bytes.Length - offset, 0, into.Length);
        _bytes.AsSpan((int)Math.Min(offset, _bytes.Length), count).CopyTo(into);
        return count;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        disk.BeginWrite(ref bytes);
        if (offset + bytes.Length > _bytes.Length)
            disk.Damage.ThrowIfFull(Path);
        _lastWrite = offset;
        if (offset + bytes.Length > _bytes.Length)
            Resize(offset + bytes.Length);
        for (var sector = offset / SectorBytes; sector * SectorBytes < offset + bytes.Length; sector++)
            Remember(sector);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        disk.End();
    }

    public void SetLength(long length)
    {
        disk.Begin("change of a length");
        Resize(length);
        // The write that is cut off proves nothing any more.
        _lastWrite = Math.Min(_lastWrite, ProvenLength);
        disk.End();
    }

    public void Preallocate(long length)
    {
        disk.Begin("preallocation");
        if (length > _bytes.Length)
        {
            disk.Damage.ThrowIfFull(Path);
            Resize(length);
        }
        disk.End();
    }

    public void Sync()
    {
        disk.Begin("sync");
        disk.BeforeSync(Path);
        _dirty.Clear();
        _syncedLength = _bytes.Length;
        ProvenLength = _lastWrite;
        disk.End();
    }

    /// <summary>Changes a byte on the platter; returns what it was.</summary>
    public byte Flip(long offset, byte mask)
    {
        var was = _bytes[offset];
        _bytes[offset] ^= mask;
        return was;
    }

    public void PutBack(long offset, byte was)
    {
        if (offset < _bytes.Length)
            _bytes[offset] = was;
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
                disk.SectorsLost += Restore(sector, old, 0);
            else if (fate == 3)
                disk.SectorsTorn += Restore(sector, old, random.Next(old.Length + 1));
        }
        _dirty.Clear();
        _lastWrite = ProvenLength;
        if (random.Next(2) == 0 && _syncedLength < _bytes.Length)
            Resize(_syncedLength);
        _syncedLength = _bytes.Length;
    }

    private void Resize(long length) => Array.Resize(ref _bytes, (int)length);

    private void Remember(long sector)
    {
        if (_dirty.ContainsKey(sector))
            return;
        var start = (int)(sector * SectorBytes);
        _dirty[sector] = _bytes.AsSpan(start, Math.Min(SectorBytes, _bytes.Length - start)).ToArray();
    }

    // 1 when it changed anything.
    private int Restore(long sector, byte[] old, int from)
    {
        var start = (int)(sector * SectorBytes);
        var count = Math.Min(old.Length, _bytes.Length - start) - from;
        if (count <= 0 || old.AsSpan(from, count).SequenceEqual(_bytes.AsSpan(start + from, count)))
            return 0;
        old.AsSpan(from, count).CopyTo(_bytes.AsSpan(start + from));
        return 1;
    }
}
