using ShardStore.Storage.Files;

namespace ShardStore.Storage.Tests.Log;

/// <summary>A disk in memory that can lose and tear whatever was not synced: at a crash each dirty 512-byte sector of
/// a file, its new length, and each changed directory entry survives or not by a coin of its own. It can also fail
/// the nth sync or write, and run out of space.</summary>
public sealed class FaultyFileSystem : IFileSystem
{
    private readonly Dictionary<string, FaultyFile> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultyFile> _durable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    /// <summary>Called before every operation that changes the disk; may throw.</summary>
    public Action<string>? BeforeChange { get; set; }

    public long SpaceBytes { get; set; } = long.MaxValue;

    public int Syncs { get; private set; }

    public IEnumerable<FaultyFile> Files => _live.Values;

    public IFile Create(string path)
    {
        Change($"create {path}");
        if (_live.ContainsKey(path))
            throw new IOException($"{path} exists");
        return _live[path] = new FaultyFile(this, path);
    }

    public IFile Open(string path) =>
        _live.TryGetValue(path, out var file) ? file : throw new FileNotFoundException("missing", path);

    public bool FileExists(string path) => _live.ContainsKey(path);

    public bool DirectoryExists(string path) => _directories.Contains(path);

    public IReadOnlyList<string> ListFiles(string directory) =>
        [.. _live.Keys.Where(path => Path.GetDirectoryName(path) == directory)
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Rename(string from, string to)
    {
        Change($"rename {from}");
        _live.Remove(from, out var file);
        _live[to] = file!;
    }

    public void Delete(string path)
    {
        Change($"delete {path}");
        if (!_live.Remove(path))
            throw new FileNotFoundException("missing", path);
    }

    public void CreateDirectory(string path) => _directories.Add(path);

    public void DeleteDirectory(string path)
    {
        foreach (var name in ListFiles(path))
            Delete(Path.Combine(path, name));
    }

    public void SyncDirectory(string path)
    {
        Change($"sync {path}");
        foreach (var gone in _durable.Keys.Where(file => !_live.ContainsKey(file)).ToList())
            _durable.Remove(gone);
        foreach (var (name, file) in _live)
            _durable[name] = file;
    }

    public long AvailableBytes(string directory) => SpaceBytes - UsedBytes();

    /// <summary>What a restart finds. The fault hook and the space limit are taken off.</summary>
    public FaultyFileSystem Crash(Random random)
    {
        var after = new FaultyFileSystem();
        after._directories.UnionWith(_directories);
        foreach (var path in _live.Keys.Union(_durable.Keys).Order(StringComparer.Ordinal))
        {
            var isLive = _live.TryGetValue(path, out var live);
            var isDurable = _durable.TryGetValue(path, out var durable);
            var survivor = isLive && isDurable ? live : random.Next(2) == 0 ? live : durable;
            if (survivor is null)
                continue;
            var file = survivor.Crash(after, random);
            after._live[path] = file;
            after._durable[path] = file;
        }
        return after;
    }

    internal void Change(string what) => BeforeChange?.Invoke(what);

    internal void CountSync() => Syncs++;

    internal void RequireSpace(long bytes)
    {
        if (UsedBytes() + bytes > SpaceBytes)
            throw new IOException("No space left on device");
    }

    private long UsedBytes() => _live.Values.Sum(file => file.Length);
}
