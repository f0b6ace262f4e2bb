using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Native;

namespace ShardStore.Storage.Identity;

/// <summary>Keeps a data directory for one process: an exclusive lock on its file "lock", which ends with the process
/// however that ends, so a stale file is never in the way.</summary>
public sealed class DirectoryLock : IDisposable
{
    /// <summary>.NET opens with a shared lock, which another process' exclusive one refuses: EWOULDBLOCK.</summary>
    private const int WouldBlock = 11;

    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    /// <summary>Throws an IOException of one line when another process has the directory.</summary>
    public static DirectoryLock Take(string directory)
    {
        string path = Path.Combine(directory, "lock");
        SafeFileHandle file = OpenFile(directory, path);
        if (Libc.TryLock(file, path))
            return new DirectoryLock(file);
        file.Dispose();
        throw InUse(directory, path, inner: null);
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenFile(string directory, string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException taken) when (taken.HResult == WouldBlock)
        {
            throw InUse(directory, path, taken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"data directory {directory}: cannot be written ({refused.Message})", refused);
        }
    }

    private static IOException InUse(string directory, string path, Exception? inner) =>
        new($"data directory {directory}: another process uses it (it holds the lock on {path})", inner);
}
