using ShardStore.Storage.Files;
using ShardStore.Storage.Memory;

namespace ShardStore.Simulation.World;

/// <summary>A node's disk. The log's files lose and tear what was not synced when the power fails; the stores'
/// checkpoints are whole blobs that are durable once written. A sync can fail, and the process can die inside any
/// operation that changes something.</summary>
public sealed class SimulatedDisk(Random random) : IFileSystem, IBlobStore
{
    private readonly SortedDictionary<string, SimulatedFile> _live = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimulatedFile> _durable = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    private int _operationsLeft;
    private bool _diedInWrite;

    /// <summary>What power failures did to sectors that were written but not synced.</summary>
    public int SectorsLost { get; set; }
    public int SectorsTorn { get; set; }

    /// <summary>While set, every sync fails.</summary>
    public bool FailsSyncs { get; set; }

    /// <summary>The process died inside an operation: nothing it still tries reaches the disk.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What the process died in.</summary>
    public string CutIn { get; private set; } = "";

    /// <summary>The process dies in the operation that many from now.</summary>
    public void CutAfter(int operations) => _operationsLeft = operations;

    /// <summary>The process dies in the next operation of a kind; null = it does not.</summary>
    public string? CutAt { get; set; }

    /// <summary>The disk as a new process finds it.</summary>
    public void Mend()
    {
        FailsSyncs = false;
        IsCut = false;
        _diedInWrite = false;
    }

    public IFile Create(string path)
    {
        Begin("create");
        if (!_live.TryAdd(path, new SimulatedFile(this, path)))
            throw new IOException($"{path} exists");
        return _live[path];
    }

    public IFile Open(string path) =>
        _live.TryGetValue(path, out var file) ? file : throw new FileNotFoundException($"{path} is missing", path);

    public bool FileExists(string path) => _live.ContainsKey(path);

    public bool DirectoryExists(string path) => _directories.Contains(path);

    public IReadOnlyList<string> ListFiles(string directory) =>
        [.. _live.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path)!)];

    public void Rename(string from, string to)
    {
        Begin("rename");
        _live.Remove(from, out var file);
        _live[to] = file!;
    }

    public void Delete(string path)
    {
        Begin("delete");
        if (!_live.Remove(path))
            throw new FileNotFoundException($"{path} is missing", path);
    }

    public void CreateDirectory(string path) => _directories.Add(path);

    public void DeleteDirectory(string path)
    {
        foreach (var name in ListFiles(path))
            Delete(Path.Combine(path, name));
    }

    public void SyncDirectory(string path)
    {
        Begin("sync of a directory");
        BeforeSync(path);
        _durable.Clear();
        foreach (var (name, file) in _live)
            _durable[name] = file;
    }

    public long AvailableBytes(string directory) => 1L << 40;

    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        Begin("write of a blob");
        _blobs[name] = bytes.ToArray();
    }

    public byte[]? Read(string name) => _blobs.TryGetValue(name, out var bytes) ? (byte[])bytes.Clone() : null;

    void IBlobStore.Delete(string name)
    {
        Begin("delete of a blob");
        _blobs.Remove(name);
    }

    public IReadOnlyList<string> List(string prefix) =>
        [.. _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>What was not synced survives or not, by a coin of its own.</summary>
    public void LosePower()
    {
        var paths = _live.Keys.Union(_durable.Keys).Order(StringComparer.Ordinal).ToArray();
        foreach (var path in paths)
        {
            var isDurable = _durable.TryGetValue(path, out var durable);
            var survivor = _live.GetValueOrDefault(path);
            if (isDurable != survivor is not null && random.Next(2) == 0)
                survivor = survivor is null ? durable : null;
            _live.Remove(path);
            if (survivor is not null)
                _live[path] = survivor;
        }
        _durable.Clear();
        foreach (var (path, file) in _live)
        {
            file.LosePower(random);
            _durable[path] = file;
        }
    }

    /// <summary>Before anything that changes the disk. Throws when the process dies here.</summary>
    internal void Begin(string operation)
    {
        if (!TryBegin(operation))
            throw new PowerCutException(CutIn);
    }

    /// <summary>False when the process dies in this operation, which may then have been done in part.</summary>
    internal bool TryBegin(string operation)
    {
        if (IsCut)
            return false;
        if (operation == CutAt || (_operationsLeft > 0 && --_operationsLeft == 0))
        {
            CutAt = null;
            IsCut = true;
            CutIn = operation;
            _diedInWrite = operation != "write";
        }
        return !IsCut;
    }

    /// <summary>The operating system got the front of a write before the process died: how much, if any. What was
    /// tried after that death leaves nothing.</summary>
    internal bool LeavesNothingOf(ref ReadOnlySpan<byte> bytes)
    {
        var left = _diedInWrite ? 0 : random.Next(bytes.Length + 1);
        _diedInWrite = true;
        bytes = bytes[..left];
        return left == 0;
    }

    internal void BeforeSync(string path)
    {
        if (FailsSyncs)
            throw new FatalStorageException("sync", path, 5);
    }
}
