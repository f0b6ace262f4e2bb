using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Puts the records of one unpacked shard into a cluster, then reads them back. A few batches are under way at
/// once, each with all its records.</summary>
internal sealed class ShardRestore(RestoreTarget target, RestoreTally tally, bool compareValues, Action<int> passed)
{
    private const int BatchesAtOnce = 4;
    private const int MissingShown = 3;

    private static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public Task WriteAsync(IKeyValueStore store, CancellationToken stop) => ForEachAsync(store, WriteAsync, stop);

    /// <summary>Throws when something is not there that was written and has not expired.</summary>
    public async Task ReadBackAsync(IKeyValueStore store, int shard, CancellationToken stop)
    {
        var missing = new List<string>();
        await ForEachAsync(
            store,
            async (record, ended) =>
            {
                if (await IsThereAsync(record, ended))
                    return;
                lock (missing)
                    missing.Add(RestoreTarget.Show(record));
            },
            stop);
        if (missing.Count > 0)
        {
            throw new BackupException($"shard {shard}: {missing.Count} keys were written and acknowledged, but cannot "
                + $"be read back as they were ({string.Join(", ", missing.Take(MissingShown))}); does anybody else "
                + "write to this cluster?");
        }
    }

    private async Task WriteAsync(StoredRecord record, CancellationToken stop)
    {
        if (record.IsExpired(NowMs))
        {
            tally.OnExpired();
        }
        else
        {
            await target.WriteAsync(record, stop);
            tally.OnWritten(record);
        }
        passed(record.Bytes);
    }

    private async Task<bool> IsThereAsync(StoredRecord record, CancellationToken stop)
    {
        if (record.IsExpired(NowMs))
            return true;
        var isThere = compareValues ? await target.HasSameAsync(record, stop) : await target.HasAsync(record, stop);
        if (isThere)
            tally.OnReadBack();
        return isThere || record.IsExpired(NowMs);
    }

    private static async Task ForEachAsync(
        IKeyValueStore store, Func<StoredRecord, CancellationToken, Task> handle, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var feed = new RecordFeed(store);
        var walking = feed.RunAsync(ended.Token);
        var isDone = false;
        try
        {
            await Parallel.ForEachAsync(
                feed.Batches.ReadAllAsync(ended.Token),
                new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = ended.Token },
                async (batch, token) => await Task.WhenAll(batch.Select(record => handle(record, token))));
            isDone = true;
        }
        finally
        {
            // The store is closed next: its walk must be over.
            if (!isDone)
                await ended.CancelAsync();
            await walking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await walking;
    }
}
