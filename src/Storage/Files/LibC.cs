using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ShardStore.Storage.Files;

/// <summary>The system calls that .NET does not offer or whose errors it swallows: its flush returns normally when
/// fsync fails (seen with injected EIO on .NET 10.0), and it can neither sync a directory nor reserve space.</summary>
internal static partial class LibC
{
    private const int Eintr = 4;
    private const int ReadOnly = 0;
    private const int DontNeed = 4;
    private const int CloseOnExec = 0x80000;

    public static void SyncFile(SafeFileHandle handle, string path)
    {
        if (Fdatasync(handle) != 0)
            throw new FatalStorageException("fdatasync", path, Marshal.GetLastPInvokeError());
    }

    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
            throw new FatalStorageException("open", path, Marshal.GetLastPInvokeError());
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(handle) != 0)
            throw new FatalStorageException("fsync", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Reserves space without a failed sync's consequences: nothing was promised yet.</summary>
    public static void Preallocate(SafeFileHandle handle, string path, long length)
    {
        int errno;
        do
        {
            // Unlike the others this call returns the error instead of setting errno.
            errno = PosixFallocate(handle, 0, length);
        }
        while (errno == Eintr);
        if (errno != 0)
            throw new IOException($"cannot reserve {length} bytes for {path} (errno {errno})", errno);
    }

    /// <summary>Drops clean pages of the file from the system's cache. After a failed sync the cache may hold what the
    /// disk does not: a restart must read the disk. Advice only, so its result does not matter.</summary>
    public static void ForgetCached(SafeFileHandle handle) => ForgetCached(handle, 0, 0);

    /// <summary>The same for a part; length 0 = to the end.</summary>
    public static void ForgetCached(SafeFileHandle handle, long offset, long length) =>
        _ = PosixFadvise(handle, offset, length, DontNeed);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int PosixFadvise(SafeFileHandle handle, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFallocate(SafeFileHandle handle, long offset, long length);
}
