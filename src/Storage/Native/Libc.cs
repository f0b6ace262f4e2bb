using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Files;

namespace ShardStore.Storage.Native;

/// <summary>The few system calls whose result .NET does not hand on: its flush swallows the error of fsync, and it
/// opens no directories. All are checked here; a failed sync must never be tried again on the same file.</summary>
internal static partial class Libc
{
    private const string Library = "libc";
    private const int OpenReadOnly = 0;
    private const int OpenDirectory = 0x10000;
    private const int OpenCloseOnExec = 0x80000;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int ErrorInterrupted = 4;
    private const int ErrorWouldBlock = 11;

    /// <summary>Makes a file's bytes and length durable.</summary>
    /// <exception cref="FatalStorageException">The sync failed.</exception>
    public static void SyncFile(SafeFileHandle file, string path)
    {
        while (fdatasync(file) != 0)
            EndUnlessInterrupted("fdatasync", path);
    }

    /// <summary>Makes a directory's entries durable: files created, renamed and deleted in it.</summary>
    /// <exception cref="FatalStorageException">The sync failed.</exception>
    public static void SyncDirectory(string path)
    {
        using SafeFileHandle directory = OpenAsDirectory(path);
        while (fsync(directory) != 0)
            EndUnlessInterrupted("fsync", path);
    }

    /// <summary>False when another process, or another handle of this one, holds the lock. The lock ends with the
    /// handle, so also with the process.</summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (flock(file, LockExclusive | LockNonBlocking) != 0)
        {
            if (Marshal.GetLastPInvokeError() == ErrorWouldBlock)
                return false;
            ThrowUnlessInterrupted("flock", path);
        }
        return true;
    }

    private static SafeFileHandle OpenAsDirectory(string path)
    {
        int descriptor;
        while ((descriptor = open(path, OpenReadOnly | OpenDirectory | OpenCloseOnExec)) < 0)
            ThrowUnlessInterrupted("open", path);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void EndUnlessInterrupted(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != ErrorInterrupted)
            throw new FatalStorageException(call, path, error);
    }

    private static void ThrowUnlessInterrupted(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != ErrorInterrupted)
            throw new IOException($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
    }

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
}
