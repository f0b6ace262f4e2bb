using System.Collections.Concurrent;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Backs a whole cluster up while it serves: every shard from its leader, one stream a node at a time. A shard
/// whose leader changes is tried again at the new one. Only when all are on disk does the backup begin to exist.
/// </summary>
internal sealed class BackupRun(BackupOptions options, WorkProgress progress)
{
    /// <summary>Tries for a shard, the first included: with the pause long enough for elections and restarts.</summary>
    private const int TriesMax = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private int _done;

    public async Task<BackupReport> RunAsync(CancellationToken stop)
    {
        var started = DateTimeOffset.UtcNow;
        var clusterId = await ClusterIdAsync(options.Admin, stop);
        using var folder = BackupFolder.OpenToWrite(options.Directory);
        if (folder.Previous is { } other && other.ClusterId != clusterId)
        {
            throw new BackupException($"--to '{options.Directory}': holds a backup of cluster {other.ClusterId}, this "
                + $"one is {clusterId}; give another directory");
        }
        var have = await WholeFilesAsync(folder, stop);
        using var leaders = new LeaderMap(options.Admin);
        await leaders.RefreshAsync(stop);
        var fetched = await FetchAllAsync(new Work(folder, leaders, clusterId, have), stop);
        var manifest = new BackupManifest
        {
            ClusterId = clusterId,
            Started = started,
            Ended = DateTimeOffset.UtcNow,
            Shards = [.. fetched.Select(fetch => fetch.Stored!).OrderBy(shard => shard.FirstSlot)],
        };
        var deleted = folder.Commit(manifest);
        return new BackupReport
        {
            Directory = options.Directory,
            ClusterId = clusterId,
            Shards = fetched.Length,
            Kept = fetched.Count(fetch => fetch.IsKept),
            FilesDeleted = deleted,
            FileBytes = manifest.Shards.Sum(shard => shard.FileBytes),
            TotalBytes = manifest.Shards.Sum(shard => shard.TotalBytes),
            TransferredBytes = fetched.Sum(fetch => fetch.Received),
            TransferredContentBytes = fetched.Where(fetch => !fetch.IsKept).Sum(fetch => fetch.Stored!.TotalBytes),
            Seconds = progress.Seconds,
        };
    }

    public static async Task<string> ClusterIdAsync(Uri admin, CancellationToken stop)
    {
        using var client = new AdminClient(admin);
        var cluster = await client.GetAsync("cluster", AdminJson.Default.ClusterView, stop);
        return cluster.ClusterId.Length > 0 && cluster.ShardCount > 0
            ? cluster.ClusterId
            : throw new BackupException($"{admin}: the cluster is not founded yet");
    }

    /// <summary>Files of the backup that is there are kept only when they still are what they were: a file that has
    /// rotted since is fetched anew.</summary>
    private async Task<Dictionary<int, BackedShard>> WholeFilesAsync(BackupFolder folder, CancellationToken stop)
    {
        var whole = new Dictionary<int, BackedShard>();
        if (folder.Previous is not { } previous)
            return whole;
        progress.Begin("checking the files that are there", previous.Shards.Sum(shard => shard.FileBytes));
        foreach (var shard in previous.Shards)
        {
            try
            {
                await StoredBackup.CheckAsync(
                    folder.PathOf(shard.File), (previous, shard), bytes => progress.Add(bytes), stop);
                whole[shard.Shard] = shard;
            }
            catch (Exception damage) when (damage is StorageCorruptException or BackupException)
            {
                progress.Say($"{damage.Message}; fetched anew");
            }
        }
        return whole;
    }

    private async Task<ShardFetch[]> FetchAllAsync(Work work, CancellationToken stop)
    {
        using var download = new ShardDownload(work.Folder, new RatePace(options.BytesPerSecondMax), progress);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        progress.Begin($"{work.Leaders.Shards.Count} shards", totalBytes: 0);
        var fetches = work.Leaders.Shards.Select(async shard =>
        {
            var stored = false;
            try
            {
                var fetch = await FetchAsync(work, download, shard.Id, failed.Token);
                stored = true;
                return fetch;
            }
            finally
            {
                // The others need not go on.
                if (!stored)
                    await failed.CancelAsync();
            }
        }).ToArray();
        await ((Task)Task.WhenAll(fetches)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The failure that ended the others is what is told, not that they were ended.
        return fetches.FirstOrDefault(fetch => fetch.IsFaulted) is { } failure
            ? [await failure]
            : await Task.WhenAll(fetches);
    }

    private async Task<ShardFetch> FetchAsync(Work work, ShardDownload download, int shard, CancellationToken stop)
    {
        var problem = "";
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (tries > 0)
            {
                await Task.Delay(Pause, stop);
                problem = await RefreshAsync(work.Leaders, stop) ?? problem;
            }
            if (work.Leaders.LeaderOf(shard) is not { } leader)
            {
                problem = $"shard {shard} has no leader";
                continue;
            }
            var fetch = await InTurnAsync(
                leader.Node, () => download.TryAsync(
                    leader, shard, work.Have.GetValueOrDefault(shard), work.ClusterId, stop), stop);
            if (fetch.Stored is not null)
            {
                Tell(fetch, leader.Node, work.Leaders.Shards.Count);
                return fetch;
            }
            problem = fetch.Problem;
        }
        throw new BackupException($"shard {shard} could not be backed up in {TriesMax} tries, the last: {problem}; "
            + "what was in the directory before is unchanged");
    }

    /// <summary>Null, or why nobody could be asked just now.</summary>
    private static async Task<string?> RefreshAsync(LeaderMap leaders, CancellationToken stop)
    {
        try
        {
            await leaders.RefreshAsync(stop);
            return null;
        }
        catch (AdminProblemException problem)
        {
            return problem.Message;
        }
    }

    private async Task<ShardFetch> InTurnAsync(string node, Func<Task<ShardFetch>> fetch, CancellationToken stop)
    {
        var turn = _turns.GetOrAdd(node, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(stop);
        try
        {
            return await fetch();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Tell(ShardFetch fetch, string node, int shards)
    {
        var shard = fetch.Stored!;
        var what = fetch.IsKept
            ? "unchanged, kept"
            : $"{Quantity.Bytes(shard.FileBytes)} ({Quantity.Bytes(shard.TotalBytes)} uncompressed)";
        progress.Part($"{Interlocked.Increment(ref _done)} of {shards}: shard {shard.Shard} from {node}, index "
            + $"{shard.Index}: {what}");
    }

    private sealed record Work(
        BackupFolder Folder, LeaderMap Leaders, string ClusterId, IReadOnlyDictionary<int, BackedShard> Have);
}
