using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Native;

namespace ShardStore.Storage.Identity;

/// <summary>Keeps a data directory for one process: an exclusive lock on its file "lock", which ends with the process
/// however that ends, so a stale file is never in the way.</summary>
public sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    /// <summary>Throws an IOException of one line when another process has the directory.</summary>
    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "lock");
        SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
        if (Libc.TryLock(file, path))
            return new DirectoryLock(file);
        file.Dispose();
        throw new IOException($"data directory {directory}: another process uses it (it holds the lock on {path})");
    }

    public void Dispose() => _file.Dispose();
}
