using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Simulation.World;

/// <summary>What is wrong with a disk at rest: bits that flipped, sectors that cannot be read, no space left. Whoever
/// reads or writes there gets the wrong byte or an error. Remembers what was there before, so that a disk that was
/// refused can be put right.</summary>
public sealed class DiskDamage(Random random)
{
    private readonly List<(SimulatedFile File, long Offset, byte Was)> _flips = [];
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Nothing can grow.</summary>
    public bool IsFull { get; set; }

    public bool IsPresent => IsFull || _flips.Count > 0 || _blobs.Count > 0 || _unreadable.Count > 0;

    /// <summary>Damaged files and blobs that were replaced or deleted before anybody stumbled on them.</summary>
    public int Replaced { get; private set; }

    /// <summary>An error that damage may cause: it names the file.</summary>
    public static bool Explains(Exception failure) =>
        failure is StorageCorruptException or IOException or FatalStorageException
        || (failure.InnerException is { } inner && Explains(inner));

    public void ThrowIfUnreadable(string path)
    {
        if (_unreadable.Contains(path))
            throw new IOException($"{path}: Input/output error");
    }

    public void ThrowIfFull(string path)
    {
        if (IsFull)
            throw new IOException($"{path}: No space left on device");
    }

    public bool TryFlip(IReadOnlyList<SimulatedFile> files, SortedDictionary<string, byte[]> blobs)
    {
        if (Pick(files, blobs) is not { } at)
            return false;
        var mask = (byte)(1 << random.Next(8));
        if (at.File is { } file)
        {
            // What the last write wrote is left alone: there, damage and a torn write are the same to any reader.
            var offset = random.NextInt64(file.ProvenLength);
            _flips.Add((file, offset, file.Flip(offset, mask)));
            return true;
        }
        _blobs.TryAdd(at.Name, blobs[at.Name]);
        var bytes = (byte[])blobs[at.Name].Clone();
        bytes[random.Next(bytes.Length)] ^= mask;
        blobs[at.Name] = bytes;
        return true;
    }

    public bool TryMakeUnreadable(IReadOnlyList<SimulatedFile> files, SortedDictionary<string, byte[]> blobs)
    {
        if (Pick(files, blobs) is not { } at)
            return false;
        _unreadable.Add(at.Name);
        return true;
    }

    public void OnReplaced(string path)
    {
        var gone = _flips.RemoveAll(flip => flip.File.Path == path);
        gone += (_blobs.Remove(path) ? 1 : 0) + (_unreadable.Remove(path) ? 1 : 0);
        Replaced += gone;
    }

    /// <summary>The disk as it was meant to be.</summary>
    public void Repair(SortedDictionary<string, byte[]> blobs)
    {
        for (var i = _flips.Count - 1; i >= 0; i--)
            _flips[i].File.PutBack(_flips[i].Offset, _flips[i].Was);
        foreach (var (name, bytes) in _blobs)
            blobs[name] = bytes;
        _flips.Clear();
        _blobs.Clear();
        _unreadable.Clear();
        IsFull = false;
    }

    private (string Name, SimulatedFile? File)? Pick(
        IReadOnlyList<SimulatedFile> files, SortedDictionary<string, byte[]> blobs)
    {
        var proven = files.Where(file => file.ProvenLength > 0).ToArray();
        var names = blobs.Keys.Where(name => name.Contains("checkpoint-") || name.Contains("receiving-")).ToArray();
        var ofLog = proven.Length > 0 && (names.Length == 0 || random.Next(2) == 0);
        if (ofLog)
        {
            var file = proven[random.Next(proven.Length)];
            return (file.Path, file);
        }
        return names.Length == 0 ? null : (names[random.Next(names.Length)], null);
    }
}
