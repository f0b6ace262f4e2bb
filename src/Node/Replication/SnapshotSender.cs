using System.Buffers;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>Streams one checkpoint to one follower while the group goes on serving. The receiver's progress is the
/// credit: at most <see cref="WindowChunks"/> are on the way.</summary>
public sealed class SnapshotSender(ReplicaHost host, ReplicaGroup group, SnapshotKey key)
{
    private const int WindowChunks = 16;
    private const long SilenceMicrosMax = 60_000_000;
    private const long ReofferMicros = 3_000_000;
    private ISnapshotSource? _source;
    private ReadOnlyMemory<byte>? _unsent;
    private int _next;
    private int _acknowledged;
    private bool _reading;
    private bool _awaitingAnswer;
    private bool _closed;
    private bool _offered;
    private long _offeredMicros;
    private long _heardMicros = host.NowMicros;

    public SnapshotKey Key => key;

    /// <summary>An older checkpoint is of no use to the receiver.</summary>
    public LogIndex AtLeast { get; init; }

    /// <summary>The receiver asked for it in the place of a damaged store; the core knows nothing of it.</summary>
    public bool IsRepair { get; init; }

    public ReplicaGroup Group => group;

    public LogIndex Index { get; private set; }

    public long TotalBytes => _source?.TotalBytes ?? 0;

    public int ChunkCount => _source?.ChunkCount ?? 0;

    /// <summary>About how much of <see cref="TotalBytes"/> the receiver has.</summary>
    public long AcknowledgedBytes => TotalBytes * _acknowledged / Math.Max(1, ChunkCount);

    /// <summary>True when the transfer should end unfinished: silence, or this replica no longer leads.</summary>
    public bool IsOver(long nowMicros) =>
        group.Stopped || group.Raft.Role != RaftRole.Leader || nowMicros - _heardMicros > SilenceMicrosMax;

    /// <summary>Sends as much as window, budget and the connection allow.</summary>
    public void Pump()
    {
        if ((!_offered || host.NowMicros - Math.Max(_heardMicros, _offeredMicros) > ReofferMicros) && !TryOffer())
            return;
        if (_awaitingAnswer)
            return;
        if (_unsent is { } bytes)
        {
            if (!host.Transport.SendBulk(ReplicaHost.NodeOf(key.To), SnapshotMessages.Channel, bytes))
                return;
            host.Snapshots.Spent(bytes.Length);
            _unsent = null;
        }
        if (!_reading && _next < ChunkCount && _next < _acknowledged + WindowChunks && host.Snapshots.MaySend)
            ReadNext();
    }

    public void OnProgress(int nextChunk)
    {
        _heardMicros = host.NowMicros;
        if (nextChunk < 0 || nextChunk > ChunkCount)
            return;
        _acknowledged = nextChunk;
        if (_awaitingAnswer)
        {
            // The answer to an offer: whatever was on a broken connection is sent again from here.
            _awaitingAnswer = false;
            _unsent = null;
            _next = nextChunk;
        }
        Pump();
    }

    public void Close()
    {
        _closed = true;
        if (!_reading)
            _source?.Dispose();
    }

    /// <summary>Offers the checkpoint, and again after a silence: the same transfer goes on where its receiver
    /// stands.</summary>
    private bool TryOffer()
    {
        _source ??= OpenSource();
        if (_source is null)
            return false;
        if (_reading)
            return false;
        Index = new LogIndex(_source.State.AppliedIndex);
        var offer = new SnapshotOffer(
            key, group.Identity.Replica, _source.State, _source.ContentHash, _source.TotalBytes, _source.ChunkCount);
        var bytes = SnapshotMessages.Offer(offer);
        if (!host.Transport.SendBulk(ReplicaHost.NodeOf(key.To), SnapshotMessages.Channel, bytes))
            return false;
        _offered = true;
        _awaitingAnswer = true;
        _offeredMicros = host.NowMicros;
        return true;
    }

    /// <summary>Null when there is no checkpoint that would do; one is then asked for. A damaged store is no source:
    /// its replica stops leading as soon as another can.</summary>
    private ISnapshotSource? OpenSource()
    {
        if (!host.Damage.IsSound(group))
            return null;
        try
        {
            var newest = group.Machine.Store.OpenSnapshot();
            if (newest?.State.AppliedIndex >= AtLeast.Value)
                return newest;
            newest?.Dispose();
            group.Checkpoints.Want();
        }
        catch (StorageCorruptException damage)
        {
            host.Damage.Report(group, damage);
        }
        return null;
    }

    private void ReadNext()
    {
        var number = _next++;
        var writer = SnapshotMessages.Chunk(key, number);
        _reading = true;
        host.Background.Run(
            () => _source!.ReadChunk(number, writer),
            failure => OnRead(writer, failure));
    }

    private void OnRead(ArrayBufferWriter<byte> writer, Exception? failure)
    {
        _reading = false;
        if (_closed)
        {
            _source?.Dispose();
            return;
        }
        if (failure is StorageCorruptException damage)
            host.Damage.Report(group, damage);
        if (failure is not null)
        {
            host.OnBackgroundFailure(group, "reading a checkpoint to send it", failure);
            host.Snapshots.Finish(this, installed: false);
            return;
        }
        _unsent = writer.WrittenMemory;
        Pump();
    }
}
