using ShardStore.Storage.Faster;

namespace ShardStore.Storage.Checkpoints;

/// <summary>A checkpoint on its way to disk: flush of the log, sync, CRC of the new pages, manifest. All of it runs in
/// the background; the owner asks <see cref="Work"/> now and then.</summary>
internal sealed class CheckpointRun
{
    private readonly string _directory;
    private readonly CheckpointManifest? _before;

    private CheckpointRun(string directory, ShardLog log, CheckpointManifest? before)
    {
        _directory = directory;
        Log = log;
        _before = before;
        Work = Task.FromException<CheckpointManifest>(new InvalidOperationException("the run was not started"));
    }

    public ShardLog Log { get; }
    public Task<CheckpointManifest> Work { get; private set; }

    /// <summary>When this returns the checkpoint's content is fixed.</summary>
    public static CheckpointRun Begin(
        string directory, ShardLog log, CheckpointManifest? before, CheckpointState state, in StoreCounters counters)
    {
        CheckpointRun run = new(directory, log, before);
        long begin = log.BeginAddress;
        Guid token = log.BeginCheckpoint(out long tail);
        CheckpointManifest draft = new()
        {
            Number = (before?.Number ?? 0) + 1,
            Generation = log.Generation,
            Token = token,
            State = state,
            Counters = counters,
            PageBytes = log.Shape.PageBytes,
            SegmentBytes = log.Shape.SegmentBytes,
            IndexBytes = log.Shape.IndexBytes,
            BeginAddress = begin,
            TailAddress = tail,
            FasterMetadata = [],
            PageCrcs = [],
        };
        run.Work = Task.Run(() => run.Complete(draft));
        return run;
    }

    private async Task<CheckpointManifest> Complete(CheckpointManifest draft)
    {
        byte[] metadata = await Log.CompleteCheckpoint(draft.Token).ConfigureAwait(false);
        CheckpointManifest? sameLog = _before?.Generation == draft.Generation ? _before : null;
        CheckpointManifest manifest = draft with
        {
            FasterMetadata = metadata,
            PageCrcs = PageChecks.Compute(Log.Directory, draft, sameLog),
        };
        try
        {
            StoreFiles.WriteManifest(_directory, manifest);
        }
        catch (IOException failure)
        {
            Log.Device.Fail(failure);
            throw;
        }
        return manifest;
    }
}
