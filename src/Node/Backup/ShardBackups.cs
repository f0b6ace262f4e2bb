using ShardStore.Node.Replication;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Opens checkpoints of led shards for backups. First a marker goes through the shard's log: that it was
/// committed proves that this node led when it was asked, and so everything acknowledged before lies below it; and it
/// brings the content hash at its index. Then a checkpoint at or above that index is asked for and waited for. From any
/// thread; on the loop happen the proposing and the opening, nothing else.</summary>
public sealed class ShardBackups(ReplicaHost host)
{
    /// <summary>Proposals are abandoned by the host itself before this is over.</summary>
    private static readonly TimeSpan MarkerTimeout = TimeSpan.FromSeconds(15);

    /// <summary>A checkpoint writes what is in memory; a slow disk and the checkpoints of other shards come first.
    /// </summary>
    private static readonly TimeSpan CheckpointTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <param name="shard">Its number.</param>
    /// <param name="knownHash">Content hash of what the caller has; null for nothing.</param>
    /// <param name="stop">The caller is gone.</param>
    public async Task<BackupAnswer> OpenAsync(int shard, ulong? knownHash, CancellationToken stop)
    {
        var marker = new TaskCompletionSource<Marker>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Mailbox.Post(() => Propose(shard, marker));
        var marked = await marker.Task.WaitAsync(MarkerTimeout, stop);
        if (marked.Refusal is { } refusal)
            return refusal;
        if (knownHash == marked.Hash)
            return new BackupAnswer(BackupAnswerKind.Unchanged) { ConfirmedIndex = marked.Index };
        return await OpenAtAsync(shard, marked.Index, stop);
    }

    private async Task<BackupAnswer> OpenAtAsync(int shard, ulong index, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(CheckpointTimeout);
        try
        {
            while (true)
            {
                if (await AskAsync(shard, index, patience.Token) is { } answer)
                    return answer;
                await Task.Delay(LookAgain, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return NotNow($"no checkpoint of shard {shard} was durable within {CheckpointTimeout.TotalSeconds:0} s; is "
                + "the disk full or slow?");
        }
    }

    /// <summary>One look on the loop; null when there is no such checkpoint yet. The answer and the end of patience
    /// race for one place: an opened checkpoint that comes second is closed at once.</summary>
    private async Task<BackupAnswer?> AskAsync(int shard, ulong index, CancellationToken patience)
    {
        var place = new TaskCompletionSource<BackupAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var end = patience.Register(() => place.TrySetCanceled(patience));
        host.Mailbox.Post(() =>
        {
            var answer = Look(shard, index);
            if (!place.TrySetResult(answer))
                answer?.Source?.Dispose();
        });
        return await place.Task;
    }

    // Whether this replica still leads is of no account any more: the entry of the marker is committed, so what any
    // replica has applied at or above it is the content that was asked for.
    private BackupAnswer? Look(int shard, ulong index)
    {
        if (host.Group((ulong)shard) is not { } group)
            return NotLed(shard);
        if (group.Checkpoints.Checkpointed.Value < index)
        {
            // The one that runs may have begun before the marker.
            if (!group.Checkpoints.IsRunning)
                group.Checkpoints.Want();
            return null;
        }
        try
        {
            return group.Machine.Store.OpenSnapshot() is { } source
                ? new BackupAnswer(BackupAnswerKind.Opened) { ConfirmedIndex = index, Source = source }
                : null;
        }
        catch (Exception refused) when (refused is IOException or StorageCorruptException)
        {
            return NotNow($"the checkpoint of shard {shard} cannot be opened: {refused.Message}");
        }
    }

    private void Propose(int shard, TaskCompletionSource<Marker> done)
    {
        if (host.Group((ulong)shard) is not { Raft.Role: RaftRole.Leader } group)
        {
            done.TrySetResult(new Marker(NotLed(shard)));
            return;
        }
        var proposal = new HashProposal(found => done.TrySetResult(found is { } at
            ? new Marker(null) { Index = at.Index, Hash = at.Hash }
            : new Marker(NotNow($"shard {shard} changed its leader meanwhile"))));
        var result = group.Propose(new byte[] { ShardReplica.HashMarker }, proposal, out _);
        if (result == ProposeResult.NotLeader)
            done.TrySetResult(new Marker(NotLed(shard)));
        else if (result != ProposeResult.Ok)
            done.TrySetResult(new Marker(NotNow($"shard {shard} takes no entries now: {result}")));
    }

    private BackupAnswer NotLed(int shard) =>
        new(BackupAnswerKind.NotLed) { LeaderNode = host.Requests.LeaderOf(shard) };

    private static BackupAnswer NotNow(string reason) => new(BackupAnswerKind.NotNow) { Reason = reason };

    /// <summary>Where the marker lies, or why there is none.</summary>
    private sealed record Marker(BackupAnswer? Refusal)
    {
        public ulong Index { get; init; }
        public ulong Hash { get; init; }
    }
}
