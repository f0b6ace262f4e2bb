using ShardStore.Node.Backup;
using ShardStore.Storage;

namespace ShardStore.Node.Tests.Backup;

/// <summary>A backup of one shard that has all slots, as a stream and as a directory.</summary>
internal static class SampleBackup
{
    public const string ClusterId = "cafe";

    public static BackupHead HeadOf(ISnapshotSource source, int shard = 1, (int First, int Last)? slots = null) => new()
    {
        ClusterId = ClusterId,
        Shard = shard,
        FirstSlot = slots?.First ?? 0,
        LastSlot = slots?.Last ?? 16_383,
        Index = source.State.AppliedIndex,
        Term = source.State.AppliedTerm,
        ConfirmedIndex = source.State.AppliedIndex,
        ContentHash = source.ContentHash,
        ChunkCount = source.ChunkCount,
        TotalBytes = source.TotalBytes,
    };

    public static async Task<byte[]> StreamAsync(ISnapshotSource source)
    {
        var into = new MemoryStream();
        await BackupWriter.WriteAsync(into, HeadOf(source), source, CancellationToken.None);
        return into.ToArray();
    }

    public static Task<BackupHead> CheckAsync(byte[] stream) => BackupCheck.RunAsync(
        new BackupReader(new MemoryStream(stream), "sample"), _ => { }, _ => ValueTask.CompletedTask,
        CancellationToken.None);

    /// <summary>Writes a whole backup, as `ctl backup` does.</summary>
    public static async Task<BackupManifest> WriteAsync(string directory, ISnapshotSource source)
    {
        using var folder = BackupFolder.OpenToWrite(directory);
        using var file = folder.NewFile(1);
        file.Append(await StreamAsync(source));
        var head = HeadOf(source);
        var name = BackupManifest.FileNameOf(head);
        var stored = BackedShard.Of(head, name, file.Length, file.Complete(folder.PathOf(name)));
        var manifest = ManifestOf(stored);
        folder.Commit(manifest);
        return manifest;
    }

    public static BackupManifest ManifestOf(params BackedShard[] shards) => new()
    {
        ClusterId = ClusterId,
        Started = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Ended = DateTimeOffset.UnixEpoch.AddDays(20_001),
        Shards = shards,
    };
}
