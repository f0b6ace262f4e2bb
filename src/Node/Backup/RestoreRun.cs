using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Ctl;

namespace ShardStore.Node.Backup;

/// <summary>Writes the keys of a backup into a cluster, which may have any other number of nodes and shards: the keys
/// go in as a client's. All files are checked before the first byte is written; then shard by shard is unpacked,
/// written and read back.</summary>
internal sealed class RestoreRun(RestoreOptions options, WorkProgress progress)
{
    private readonly RestoreTally _tally = new();

    public async Task<RestoreReport> RunAsync(CancellationToken stop)
    {
        var manifest = BackupFolder.OpenToRead(options.Directory);
        await CheckFilesAsync(manifest, stop);
        var intoCluster = await BackupRun.ClusterIdAsync(options.Admin, stop);
        await using var target = await RestoreTarget.ConnectAsync(await EndpointsAsync(stop), stop);
        await CheckEmptyAsync(target, stop);
        progress.Begin("restoring", manifest.Shards.Sum(shard => shard.TotalBytes));
        var temporary = Directory.CreateDirectory(
            Path.Combine(options.TemporaryDirectory, $"shardstore-restore-{Guid.NewGuid():N}"));
        try
        {
            foreach (var shard in manifest.Shards)
                await RestoreAsync(target, shard, Path.Combine(temporary.FullName, $"{shard.Shard}"), stop);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
        return ReportOf(manifest, intoCluster);
    }

    private async Task CheckFilesAsync(BackupManifest manifest, CancellationToken stop)
    {
        progress.Begin("checking files", manifest.Shards.Sum(shard => shard.FileBytes));
        foreach (var shard in manifest.Shards)
        {
            await StoredBackup.CheckAsync(
                Path.Combine(options.Directory, shard.File), (manifest, shard), bytes => progress.Add(bytes), stop);
        }
        progress.Say($"{manifest.Shards.Count} files are whole: backup of cluster {manifest.ClusterId}, "
            + $"{manifest.Started:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private async Task<IReadOnlyList<string>> EndpointsAsync(CancellationToken stop)
    {
        using var admin = new AdminClient(options.Admin);
        var nodes = await admin.GetAsync("nodes", AdminJson.Default.IReadOnlyListNodeView, stop);
        return [.. nodes.OrderBy(node => node.State == "down").Select(node => node.Host.Contains(':')
            ? $"[{node.Host}]:{node.Port}"
            : $"{node.Host}:{node.Port}")];
    }

    private async Task CheckEmptyAsync(RestoreTarget target, CancellationToken stop)
    {
        if (!await target.HoldsKeysAsync(stop))
            return;
        if (!options.Merge)
        {
            throw new BackupException($"{options.Admin}: this cluster holds keys; restore into an empty one, or give "
                + "--merge: then the backup's values replace those of the same keys, and other keys stay");
        }
        progress.Say("merging into a cluster that holds keys: where both have a key, the backup's value wins");
    }

    private async Task RestoreAsync(RestoreTarget target, BackedShard shard, string directory, CancellationToken stop)
    {
        using var unpacked = await UnpackedShard.OpenAsync(
            Path.Combine(options.Directory, shard.File), shard, directory, stop);
        var (written, expired) = (_tally.Written, _tally.Expired);
        // What the checkpoint takes beside the users' bytes passes too, so that the end is at 100 %.
        var userBytes = Math.Max(1, unpacked.Store.LiveBytes);
        var restore = new ShardRestore(
            target, _tally, options.Verify,
            bytes => progress.Add((long)(bytes / (double)userBytes * shard.TotalBytes)));
        await restore.WriteAsync(unpacked.Store, stop);
        await restore.ReadBackAsync(unpacked.Store, shard.Shard, stop);
        progress.Part($"shard {shard.Shard}: {_tally.Written - written} keys written and read back, "
            + $"{_tally.Expired - expired} expired");
    }

    private RestoreReport ReportOf(BackupManifest manifest, string intoCluster) => new()
    {
        Directory = options.Directory,
        FromClusterId = manifest.ClusterId,
        IntoClusterId = intoCluster,
        BackupStarted = manifest.Started,
        Shards = manifest.Shards.Count,
        KeysWritten = _tally.Written,
        KeysExpired = _tally.Expired,
        KeysReadBack = _tally.ReadBack,
        ValuesCompared = options.Verify,
        UserBytes = _tally.UserBytes,
        Seconds = progress.Seconds,
    };
}
