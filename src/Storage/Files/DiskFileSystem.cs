namespace ShardStore.Storage.Files;

/// <summary>The real disk.</summary>
public sealed class DiskFileSystem : IFileSystem
{
    public static readonly DiskFileSystem Instance = new();

    private DiskFileSystem()
    {
    }

    public IFile Create(string path) => OpenWith(path, FileMode.CreateNew);

    public IFile Open(string path) => OpenWith(path, FileMode.Open);

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public IReadOnlyList<string> ListFiles(string directory)
    {
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFiles(directory))
            names.Add(Path.GetFileName(path));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        // File.Delete is silent about a missing file; a caller that deletes what is not there has lost its way.
        if (!File.Exists(path))
            throw new FileNotFoundException($"cannot delete {path}: it does not exist", path);
        File.Delete(path);
    }

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public void DeleteDirectory(string path) => Directory.Delete(path, recursive: true);

    public void SyncDirectory(string path) => LibC.SyncDirectory(path);

    public long AvailableBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    // Shared: two handles of one file are legal here, and a data directory is locked as a whole elsewhere.
    private static DiskFile OpenWith(string path, FileMode mode)
    {
        var handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (mode == FileMode.Open)
            LibC.ForgetCached(handle);
        return new DiskFile(path, handle);
    }
}
