using Microsoft.Win32.SafeHandles;

namespace ShardStore.Storage.Native;

/// <summary>Whole small files that are there completely or not at all: temporary file, sync, rename, sync of the
/// directory.</summary>
internal static class DurableFile
{
    public const string TemporarySuffix = ".tmp";

    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + TemporarySuffix;
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            Libc.SyncFile(file, temporary);
        }
        File.Move(temporary, path, overwrite: true);
        Libc.SyncDirectory(ParentOf(path));
    }

    /// <summary>Creates a directory and makes its entry durable; its parents must exist.</summary>
    public static void CreateDirectory(string path)
    {
        Directory.CreateDirectory(path);
        Libc.SyncDirectory(ParentOf(path));
    }

    public static string ParentOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar))
        ?? throw new ArgumentException($"path {path}: the root directory has no parent");
}
