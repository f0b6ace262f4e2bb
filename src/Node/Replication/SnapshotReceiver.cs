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
    private readonly Queue<(int Number, ReadOnlyMemory<byte> Bytes)> _chunks = new();
    private ISnapshotReceiver? _files;
    private IKeyValueStore? _opened;
    private bool _busy;
    private bool _closed;
    private long _heardMicros;

    public SnapshotReceiver(ReplicaHost host, ReplicaGroup group, int fromNode, SnapshotOffer offer)
    {
        _host = host;
        _group = group;
        _fromNode = fromNode;
        _offer = offer;
        _generation = group.Identity.Generation + 1;
        _heardMicros = host.NowMicros;
        Run(
            () =>
            {
                // Left-overs of an earlier transfer are of another checkpoint: a new key is a new start.
                if (host.Stores.Exists(Directory))
                    host.Stores.Delete(Directory);
                _files = host.Stores.Receive(Directory);
            },
            Acknowledge);
    }

    public SnapshotKey Key => _offer.Key;

    public int ReceivedChunks => _files?.NextChunk ?? 0;

    private string Directory => _group.Identity.DirectoryOf(_generation);

    public bool IsOver(long nowMicros) => _group.Stopped || nowMicros - _heardMicros > SilenceMicrosMax;

    public void OnChunk(int number, ReadOnlyMemory<byte> bytes)
    {
        _heardMicros = _host.NowMicros;
        if (_chunks.Count >= QueuedChunksMax)
            return;
        _chunks.Enqueue((number, bytes));
        WriteNext();
    }

    /// <summary>The sender asks where this transfer stands. While a write is under way its end will answer.</summary>
    public void OnOfferedAgain()
    {
        _heardMicros = _host.NowMicros;
        if (!_busy && _files is not null)
            Acknowledge();
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
        _opened = _host.Stores.Open(Directory, out var state);
        var hash = _opened.ComputeContentHash();
        if (hash != _offer.ContentHash || state?.AppliedIndex != _offer.State.AppliedIndex)
        {
            throw new StorageCorruptException(
                Directory, 0, $"content hash {_offer.ContentHash:x} at index {_offer.State.AppliedIndex}, found {hash:x} "
                + $"at {state?.AppliedIndex}");
        }
    }

    private void Install()
    {
        var state = _offer.State;
        var point = new SnapshotPoint(
            new LogIndex(state.AppliedIndex), new Term(state.AppliedTerm),
            CheckedConfiguration.Decode(Directory, state.Configuration));
        var store = _opened!;
        _opened = null;
        _files = null;
        _group.InstallSnapshot(point, store, _generation, state.ClockMs);
        Reply(SnapshotMessages.Done(Key, installed: true));
        _closed = true;
        _host.Snapshots.Forget(Key.Group);
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
            Reply(SnapshotMessages.Done(Key, installed: false));
            _host.Snapshots.Forget(Key.Group);
        }
        else if (_closed)
        {
            Clean();
        }
        else
        {
            then();
        }
    }

    private void Clean()
    {
        _files?.Dispose();
        _opened?.Dispose();
        _files = null;
        _opened = null;
    }
}
