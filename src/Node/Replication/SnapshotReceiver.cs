using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>Takes one checkpoint into the next generation's directory, opens it, proves its content hash, and only
/// then hands it to the group. Chunks are written one at a time in the background.</summary>
public sealed class SnapshotReceiver
{
    private const long SilenceMicrosMax = 60_000_000;
    private const int QueuedChunksMax = 64;
    private readonly ReplicaHost _host;
    private readonly ReplicaGroup _group;
    private readonly SnapshotOffer _offer;
    private readonly int _fromNode;
    private readonly uint _generation;
    private readonly string _directory;
    private readonly Queue<(int Number, ReadOnlyMemory<byte> Bytes)> _chunks = new();
    private ISnapshotReceiver? _files;
    private IKeyValueStore? _opened;
    private StoreCatchUp? _catchUp;
    private bool _busy;
    private bool _closed;
    private bool _cleaned;
    private long _heardMicros;

    /// <summary>Begins to receive into the directory of <paramref name="generation"/>, which no other transfer of
    /// this process has used: an earlier one may still be writing into its own.</summary>
    public SnapshotReceiver(
        ReplicaHost host, ReplicaGroup group, int fromNode, SnapshotOffer offer, uint generation)
    {
        _host = host;
        _group = group;
        _fromNode = fromNode;
        _offer = offer;
        _generation = generation;
        _directory = group.Identity.DirectoryOf(generation);
        _heardMicros = host.NowMicros;
        Run(
            () =>
            {
                // Left-overs of an earlier process are of another checkpoint, and need not be whole: a store's chunks
                // would be refused behind them.
                host.Stores.Delete(_directory);
                _files = host.Stores.Receive(_directory);
            },
            Acknowledge);
    }

    public SnapshotKey Key => _offer.Key;

    /// <summary>What the checkpoint holds.</summary>
    public LogIndex Index => new(_offer.State.AppliedIndex);

    public int FromNode => _fromNode;

    /// <summary>When the sender last said anything.</summary>
    public long HeardMicros => _heardMicros;

    public int ReceivedChunks => _files?.NextChunk ?? 0;

    public bool IsOver(long nowMicros) => _group.Stopped || nowMicros - _heardMicros > SilenceMicrosMax;

    public void OnChunk(int number, ReadOnlyMemory<byte> bytes)
    {
        _heardMicros = _host.NowMicros;
        if (_chunks.Count >= QueuedChunksMax)
            return;
        _chunks.Enqueue((number, bytes));
        WriteNext();
    }

    /// <summary>The sender asks where this transfer stands. It is told at once, also in the middle of a write or
    /// while the store is opened, which takes long: a chunk too many is harmless, a sender that gives up is not.
    /// </summary>
    public void OnOfferedAgain()
    {
        _heardMicros = _host.NowMicros;
        if (_files is not null)
            Acknowledge();
    }

    /// <summary>Each tick: a checkpoint that this replica has not got to yet is looked at again.</summary>
    public void Tick()
    {
        if (_catchUp is not null && !_busy)
            CatchUp();
    }

    public void Close()
    {
        _closed = true;
        if (!_busy)
            Clean();
    }

    private void WriteNext()
    {
        if (_busy || _files is null || !_chunks.TryDequeue(out var chunk))
            return;
        if (chunk.Number != _files.NextChunk)
        {
            WriteNext();
            return;
        }
        Run(() => _files.WriteChunk(chunk.Number, chunk.Bytes.Span), OnWritten);
    }

    private void OnWritten()
    {
        Acknowledge();
        if (_files!.NextChunk == _offer.ChunkCount)
            Run(CompleteAndOpen, Install);
        else
            WriteNext();
    }

    private void CompleteAndOpen()
    {
        _files!.Complete();
        _files.Dispose();
        _opened = _host.Stores.Open(_directory, out var state);
        var hash = _opened.ComputeContentHash();
        if (hash != _offer.ContentHash || state?.AppliedIndex != _offer.State.AppliedIndex)
        {
            throw new StorageCorruptException(
                _directory, 0, $"content hash {_offer.ContentHash:x} at index {_offer.State.AppliedIndex}, found "
                + $"{hash:x} at {state?.AppliedIndex}");
        }
    }

    private void Install()
    {
        var state = _offer.State;
        var point = new SnapshotPoint(
            new LogIndex(state.AppliedIndex), new Term(state.AppliedTerm),
            CheckedConfiguration.Decode(_directory, state.Configuration));
        if (_group.InstallSnapshot(point, _opened!, _generation, state.ClockMs))
            _opened = null;
        if (_host.Damage.IsSound(_group))
            End(installed: true);
        else
            Run(() => _catchUp = new StoreCatchUp(_group, _host.Log, _opened!, state), CatchUp);
    }

    /// <summary>The log here holds what the checkpoint ends with, so to the core it is no news; but the store is
    /// damaged and this one is whole. It is brought up to what is applied, most of it in the background, and put in
    /// place. </summary>
    private void CatchUp()
    {
        var applied = _group.Raft.AppliedIndex.Value;
        if (_group.Checkpoints.CutPosition > Index.Value)
            End(installed: false);
        else if (!_catchUp!.IsNear(applied))
            Run(() => _catchUp.Advance(applied), CatchUp);
        else if (applied >= _catchUp.Applied)
            Finish(_catchUp, applied);
    }

    private void Finish(StoreCatchUp catchUp, ulong applied)
    {
        try
        {
            catchUp.Advance(applied);
        }
        catch (Exception failure) when (failure is IOException or StorageCorruptException)
        {
            _host.OnBackgroundFailure(_group, "bringing a received checkpoint up to date", failure);
            End(installed: false);
            return;
        }
        _group.ReplaceStore(_opened!, _generation, catchUp.ClockMs, Index);
        _opened = null;
        End(installed: true);
    }

    private void End(bool installed)
    {
        _catchUp = null;
        Reply(SnapshotMessages.Done(Key, installed));
        _host.Snapshots.Forget(this);
    }

    private void Acknowledge() => Reply(SnapshotMessages.Progress(Key, _files!.NextChunk));

    private void Reply(byte[] bytes) => _host.Transport.SendBulk(_fromNode, SnapshotMessages.Channel, bytes);

    private void Run(Action work, Action then)
    {
        _busy = true;
        _host.Background.Run(work, failure => OnRun(failure, then));
    }

    private void OnRun(Exception? failure, Action then)
    {
        _busy = false;
        if (failure is not null)
        {
            _host.OnBackgroundFailure(_group, "receiving a checkpoint", failure);
            End(installed: false);
        }
        if (_closed)
            Clean();
        else if (_group.Stopped)
            _host.Snapshots.Forget(this);
        else
            then();
    }

    /// <summary>Leaves nothing behind that is not the group's own store by now.</summary>
    private void Clean()
    {
        if (_cleaned)
            return;
        _cleaned = true;
        var files = _files;
        var unused = _opened;
        (_files, _opened) = (null, null);
        if (!_group.Stopped && _group.Identity.Generation == _generation)
            return;
        _host.Background.Run(
            () =>
            {
                files?.Dispose();
                unused?.Dispose();
                _host.Stores.Delete(_directory);
            },
            failure => _host.NoteBackground(_group, "deleting a checkpoint that is of no use", failure));
    }
}
