using ShardStore.Storage.Files;
using ShardStore.Storage.Identity;

namespace ShardStore.Node.Backup;

/// <summary>The directory of a backup. What is in it counts only when backup.json names it.</summary>
internal sealed class BackupFolder : IDisposable
{
    private const string ShardFiles = "shard-*.ssb";
    private const string TemporarySuffix = ".tmp";
    private const long ManifestBytesMax = 64 << 20;
    private static readonly DiskFileSystem Disk = DiskFileSystem.Instance;
    private readonly DirectoryLock _lock;

    private BackupFolder(string path, DirectoryLock held, BackupManifest? previous)
    {
        Path = path;
        _lock = held;
        Previous = previous;
    }

    public string Path { get; }

    /// <summary>The backup that is there already; null for none.</summary>
    public BackupManifest? Previous { get; }

    /// <summary>For one process at a time. Makes the directory when it does not exist; refuses one with other things in
    /// it, since files are deleted here.</summary>
    public static BackupFolder OpenToWrite(string path)
    {
        if (File.Exists(path))
            throw new BackupException($"--to '{path}': is a file; give a directory");
        var parent = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path).TrimEnd('/'));
        if (!Directory.Exists(path) && parent is not null)
        {
            Disk.CreateDirectory(path);
            Disk.SyncDirectory(parent);
        }
        var held = DirectoryLock.Take(path);
        try
        {
            var strangers = Disk.ListFiles(path).Where(name => !IsOurs(name))
                .Concat(Directory.GetDirectories(path).Select(System.IO.Path.GetFileName)).ToArray();
            if (strangers.Length > 0)
            {
                throw new BackupException($"--to '{path}': holds other things ({strangers[0]}); give an empty "
                    + "directory, or one with a backup of the same cluster");
            }
            var isThere = File.Exists(System.IO.Path.Combine(path, BackupManifest.FileName));
            return new BackupFolder(path, held, isThere ? ReadManifest(path) : null);
        }
        catch
        {
            // Nobody else would give the lock back.
            held.Dispose();
            throw;
        }
    }

    /// <summary>What a directory holds, to restore from it.</summary>
    public static BackupManifest OpenToRead(string path)
    {
        if (File.Exists(path))
            throw new BackupException($"--from '{path}': is a file; give the directory of a backup");
        if (!Directory.Exists(path))
            throw new BackupException($"--from '{path}': does not exist; give the directory of a backup");
        if (!File.Exists(System.IO.Path.Combine(path, BackupManifest.FileName)))
        {
            var what = Directory.EnumerateFileSystemEntries(path).Any() ? "has no backup.json" : "is empty";
            throw new BackupException($"--from '{path}': {what}, so it is no backup, or one that did not end");
        }
        return ReadManifest(path);
    }

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>A file to fill; it gets its name when it is whole.</summary>
    public BackupFile NewFile(int shard)
    {
        var temporary = PathOf($"shard-{shard:d4}.ssb{TemporarySuffix}");
        if (Disk.FileExists(temporary))
            Disk.Delete(temporary);
        return new BackupFile(Disk.Create(temporary));
    }

    /// <summary>Makes the new backup the one that counts, then deletes what belongs to none. Returns how many files
    /// of earlier backups went.</summary>
    public int Commit(BackupManifest manifest)
    {
        var path = PathOf(BackupManifest.FileName);
        using (var file = NewTemporary(path + TemporarySuffix))
        {
            file.WriteAt(0, manifest.Write());
            file.Sync();
        }
        Disk.Rename(path + TemporarySuffix, path);
        Disk.SyncDirectory(Path);
        var kept = manifest.Shards.Select(shard => shard.File).ToHashSet();
        var outdated = Directory.GetFiles(Path, ShardFiles).Where(
            file => !kept.Contains(System.IO.Path.GetFileName(file))).ToArray();
        foreach (var file in outdated.Concat(Directory.GetFiles(Path, ShardFiles + TemporarySuffix)))
            File.Delete(file);
        return outdated.Length;
    }

    public void Dispose() => _lock.Dispose();

    private static IFile NewTemporary(string path)
    {
        if (Disk.FileExists(path))
            Disk.Delete(path);
        return Disk.Create(path);
    }

    private static bool IsOurs(string name) =>
        name is "lock" or BackupManifest.FileName or BackupManifest.FileName + TemporarySuffix
        || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(ShardFiles, name)
        || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(ShardFiles + TemporarySuffix, name);

    private static BackupManifest ReadManifest(string path)
    {
        var file = System.IO.Path.Combine(path, BackupManifest.FileName);
        var length = new FileInfo(file).Length;
        if (length > ManifestBytesMax)
            throw new BackupException($"{file}: {length} bytes; at most {ManifestBytesMax} are read");
        return BackupManifest.Read(file, File.ReadAllBytes(file));
    }
}
