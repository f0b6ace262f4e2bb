using System.Security.Cryptography;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Files of a backup, read back.</summary>
internal static class StoredBackup
{
    private const int ReadAheadBytes = 1 << 20;

    /// <summary>A file as a stream of a backup.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                BufferSize = ReadAheadBytes,
            });
        }
        catch (FileNotFoundException missing)
        {
            throw new BackupException($"{path}: is missing, but backup.json names it", missing);
        }
    }

    /// <summary>Reads the whole file and compares it with what backup.json says of it; throws where they differ.
    /// </summary>
    public static async Task CheckAsync(
        string path, (BackupManifest Manifest, BackedShard Shard) expected, Action<int> passed, CancellationToken stop)
    {
        var shard = expected.Shard;
        await using var file = Open(path);
        if (file.Length != shard.FileBytes)
            throw new StorageCorruptException(path, file.Length, $"a file of {shard.FileBytes} bytes");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = new BackupReader(file, path) { Tap = bytes => hash.AppendData(bytes.Span) };
        var head = await BackupCheck.RunAsync(
            reader, _ => { },
            bytes =>
            {
                passed(bytes);
                return ValueTask.CompletedTask;
            },
            stop);
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        var found = BackedShard.Of(head, shard.File, file.Length, sha256);
        var clusterId = expected.Manifest.ClusterId;
        if (found with { ConfirmedIndex = shard.ConfirmedIndex } != shard || head.ClusterId != clusterId)
        {
            throw new StorageCorruptException(path, 0, $"shard {shard.Shard} of cluster {clusterId} at index "
                + $"{shard.Index} with SHA-256 {shard.Sha256}, as backup.json says; found shard {head.Shard} of "
                + $"{head.ClusterId} at {head.Index} with {sha256}");
        }
    }
}
