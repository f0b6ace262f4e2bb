using System.Security.Cryptography;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Backup;

/// <summary>A shard's file on its way to disk, hashed as it grows. Disposed before it is complete, it goes: a full disk
/// gets its space back.</summary>
internal sealed class BackupFile(IFile file) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private bool _isComplete;

    public long Length { get; private set; }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        file.WriteAt(Length, bytes.Span);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Makes it durable under its name. Returns its SHA-256.</summary>
    public string Complete(string path)
    {
        file.Sync();
        DiskFileSystem.Instance.Rename(file.Path, path);
        _isComplete = true;
        DiskFileSystem.Instance.SyncDirectory(Path.GetDirectoryName(path)!);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        file.Dispose();
        _hash.Dispose();
        if (!_isComplete)
            File.Delete(file.Path);
    }
}
