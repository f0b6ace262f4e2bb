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
    private readonly SortedSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    private readonly DiskDamage _damage = new(random);
    private int _operationsLeft;
    private bool _diesAtEnd;

    /// <summary>What power failures did to sectors that were written but not synced.</summary>
    public int SectorsLost { get; set; }
    public int SectorsTorn { get; set; }

    /// <summary>What is wrong with what lies on it.</summary>
    public DiskDamage Damage => _damage;

    public bool TryFlip() => _damage.TryFlip([.. _live.Values], _blobs);

    public bool TryMakeUnreadable() => _damage.TryMakeUnreadable([.. _live.Values], _blobs);

    public void Repair() => _damage.Repair(_blobs);

    /// <summary>While set, every sync fails.</summary>
    public bool FailsSyncs { get; set; }

    /// <summary>The process died inside an operation: nothing it still tries reaches the disk.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Operations that change something, so far.</summary>
    public int Operations { get; private set; }

    /// <summary>Called for each: its number and what it is.</summary>
    public Action<int, string> OnOperation { get; set; } = (_, _) => { };

    /// <summary>Where in an operation the process dies.</summary>
    public CutMoment Moment { get; set; }

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
        _diesAtEnd = false;
    }

    public IFile Create(string path)
    {
        Begin("create");
        _damage.ThrowIfFull(path);
        if (!_live.TryAdd(path, new SimulatedFile(this, path)))
            throw new IOException($"{path} exists");
        End();
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
        End();
    }

    public void Delete(string path)
    {
        Begin("delete");
        if (!_live.Remove(path))
            throw new FileNotFoundException($"{path} is missing", path);
        _deleted.Add(path);
        End();
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
        ForgetDeleted();
        End();
    }

    public long AvailableBytes(string directory) => _damage.IsFull ? 0 : 1L << 40;

    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        Begin("write of a blob");
        // A checkpoint of this engine is written on the loop, where there is no way to fail: only what is received can.
        if (name.Contains("receiving-"))
            _damage.ThrowIfFull(name);
        _damage.OnReplaced(name);
        _blobs[name] = bytes.ToArray();
        End();
    }

    public byte[]? Read(string name)
    {
        _damage.ThrowIfUnreadable(name);
        return _blobs.TryGetValue(name, out var bytes) ? (byte[])bytes.Clone() : null;
    }

    void IBlobStore.Delete(string name)
    {
        Begin("delete of a blob");
        _damage.OnReplaced(name);
        _blobs.Remove(name);
        End();
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
        ForgetDeleted();
    }

    /// <summary>A deletion that was not synced may be undone, and the file is then as damaged as it was.</summary>
    private void ForgetDeleted()
    {
        foreach (var path in _deleted.Where(path => !_live.ContainsKey(path)))
            _damage.OnReplaced(path);
        _deleted.Clear();
    }

    /// <summary>Before anything that changes the disk. Throws when the process dies here.</summary>
    internal void Begin(string operation)
    {
        if (!IsCut && !IsCutNow(operation))
            return;
        // Syncs, and the blobs that are whole or not there, cannot be done in part: the power fails before their end.
        var isDone = Moment == CutMoment.After || (Moment == CutMoment.Torn && !IsBarrier(operation));
        if (!IsCut && isDone)
        {
            _diesAtEnd = true;
            return;
        }
        IsCut = true;
        throw new PowerCutException(CutIn);
    }

    /// <summary>The operating system may get only the front of a write before the process dies.</summary>
    internal void BeginWrite(ref ReadOnlySpan<byte> bytes)
    {
        Begin("write");
        if (_diesAtEnd && Moment == CutMoment.Torn)
            bytes = bytes[..random.Next(bytes.Length + 1)];
    }

    /// <summary>After it. Throws when the process dies before it can do anything else.</summary>
    internal void End()
    {
        if (!_diesAtEnd)
            return;
        _diesAtEnd = false;
        IsCut = true;
        throw new PowerCutException(CutIn);
    }

    private bool IsCutNow(string operation)
    {
        OnOperation(++Operations, operation);
        var isNow = operation == CutAt || (_operationsLeft > 0 && --_operationsLeft == 0);
        if (isNow)
            (CutAt, CutIn) = (null, operation);
        return isNow;
    }

    private static bool IsBarrier(string operation) =>
        operation is "sync" or "sync of a directory" or "write of a blob" or "delete of a blob";

    internal void BeforeSync(string path)
    {
        if (FailsSyncs)
            throw new FatalStorageException("sync", path, 5);
    }
}
