using System.Buffers;
using ShardStore.Node.Commands;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>The client requests of one shard on this node. Requests of a turn share entries. A read on the leader is
/// served under its lease, checked again after the value is read; where there is no lease, or where its connection
/// has a write under way that it must see, it takes its place in the entry instead: that the entry was committed
/// proves that nobody else led meanwhile. Reads on other replicas ask for a read index.</summary>
public sealed class ShardRequests
{
    private readonly ReplicaHost _host;
    private readonly ReplicaGroup _group;
    private readonly ShardReplica _shard;
    private readonly List<ClientRequest> _logged = [];
    private readonly List<ClientRequest> _leased = [];
    private readonly List<ClientRequest> _read = [];
    private readonly List<ClientRequest> _timed = [];
    private readonly List<ClientRequest> _followerReads = [];
    private readonly Dictionary<ulong, List<ClientRequest>> _asked = [];
    private readonly List<(LogIndex Index, List<ClientRequest> Requests)> _answered = [];
    private readonly ArrayBufferWriter<byte> _payload = new(64 * 1024);
    private ulong _nextReadId;

    private const string Damaged = "SHARDSTORE.DAMAGED what is stored under this key cannot be read from the disk "
        + "of the shard's only copy; see the alerts";

    public ShardRequests(ReplicaHost host, ReplicaGroup group, ShardReplica shard)
    {
        _host = host;
        _group = group;
        _shard = shard;
        group.OnReadState = OnReadState;
    }

    public ReplicaGroup Group => _group;

    public ShardReplica Shard => _shard;

    public bool HasWork => _logged.Count > 0 || _leased.Count > 0 || _followerReads.Count > 0;

    /// <summary>Takes a request that this replica, as it stands, can serve.</summary>
    public void Add(ClientRequest request)
    {
        if (_group.Raft.Role != RaftRole.Leader)
            _followerReads.Add(request);
        else if (_host.Admission.RefusalOf(request, _group) is { } refusal)
            request.Fail(refusal);
        else if (request.IsWrite || request.FollowsWrite || !HasLease)
            _logged.Add(request);
        else
            _leased.Add(request);
    }

    /// <summary>End of a turn's input: serves the reads, proposes the rest.</summary>
    public void Flush()
    {
        ServeUnderLease();
        ProposeLogged();
        if (_followerReads.Count > 0)
            AskReadIndex();
    }

    /// <summary>Serves follower reads whose index has been applied.</summary>
    public void AfterApply()
    {
        for (var i = _answered.Count - 1; i >= 0; i--)
        {
            if (_answered[i].Index > _group.Raft.AppliedIndex)
                continue;
            foreach (var request in _answered[i].Requests)
            {
                if (_host.Damage.IsSound(_group) && TryRead(request) == true)
                    Complete(request);
                else
                    _host.Requests.SendToLeader(request);
            }
            _answered.RemoveAt(i);
        }
    }

    /// <summary>On the leader, now and then: deletes what has expired. Its clock alone decides, and the entry carries
    /// it.</summary>
    public void ProposeExpiry()
    {
        if (!_group.IsReadyLeader || _group.Raft.IsTransferring || _group.Proposals.Count > 0)
            return;
        _payload.ResetWrittenCount();
        if (_shard.Commands.TryEncodeExpiry(_host.Clock.WallMs, _host.Options.ExpiredKeysMax, _payload))
            _group.Propose(_payload.WrittenSpan.ToArray(), new ClientBatch(_host.Requests), out _);
    }

    /// <summary>The replica leaves: what waits here is tried elsewhere.</summary>
    public void Release()
    {
        var waiting = _logged.Concat(_leased).Concat(_followerReads)
            .Concat(_asked.Values.SelectMany(list => list))
            .Concat(_answered.SelectMany(item => item.Requests))
            .ToArray();
        _logged.Clear();
        _leased.Clear();
        _followerReads.Clear();
        _asked.Clear();
        _answered.Clear();
        foreach (var request in waiting)
            _host.Requests.Hold(request);
    }

    // What is committed but not applied here, because the own disk is slow, another replica may have shown already.
    private bool HasLease =>
        _group.IsReadyLeader && _group.Raft.AppliedIndex >= _group.Raft.Commit
        && _group.Raft.HoldsLease(_host.NowMicros);

    private void ServeUnderLease()
    {
        if (_leased.Count == 0)
            return;
        foreach (var request in _leased)
        {
            if (TryRead(request) is { } stands)
                (stands ? _read : _timed).Add(request);
            else if (_group.Raft.Configuration.Voters.Length > 1)
                _host.Requests.Hold(request);
            else
                request.Fail(Damaged);
        }
        _leased.Clear();
        // What rests on this node's clock goes through the log, ahead of writes that came after it on its connection.
        _logged.InsertRange(0, _timed);
        _timed.Clear();
        // The values count only if the lease still held after they were read: this process may have been stopped.
        var held = HasLease;
        foreach (var request in _read)
        {
            if (held)
                Complete(request);
            else
                _host.Requests.Hold(request);
        }
        _read.Clear();
    }

    /// <summary>As <see cref="ShardReplica.TryRead"/>; null when the record is damaged: another replica has it whole,
    /// and will lead as soon as it can.</summary>
    private bool? TryRead(ClientRequest request)
    {
        try
        {
            return _shard.TryRead(request, _host.Clock.WallMs);
        }
        catch (StorageCorruptException damage)
        {
            request.Reply.Clear();
            _host.Damage.Report(_group, damage);
            return null;
        }
    }

    private void Complete(ClientRequest request)
    {
        _shard.Meter.Latency.Record(_host.NowMicros - request.SubmittedMicros);
        request.Complete();
    }

    private void ProposeLogged()
    {
        var next = 0;
        while (next < _logged.Count)
        {
            var batch = new ClientBatch(_host.Requests);
            var bytes = 0;
            while (next < _logged.Count && batch.Requests.Count < _host.Options.EntryCommandsMax
                && (bytes == 0 || bytes + _logged[next].PayloadBytes <= _host.Options.EntryBytesMax))
            {
                bytes += _logged[next].PayloadBytes;
                batch.Requests.Add(_logged[next++]);
            }
            if (!TryPropose(batch))
                batch.OnLost();
        }
        _logged.Clear();
    }

    private bool TryPropose(ClientBatch batch)
    {
        if (_group.Raft.Role != RaftRole.Leader)
            return false;
        _payload.ResetWrittenCount();
        _shard.Commands.Encode(batch.Requests, _host.Clock.WallMs, _payload);
        return _group.Propose(_payload.WrittenSpan.ToArray(), batch, out _) == ProposeResult.Ok;
    }

    private void AskReadIndex()
    {
        var id = ++_nextReadId;
        _asked[id] = [.. _followerReads];
        _followerReads.Clear();
        _group.Raft.ReadIndex(id, _host.NowMicros);
        _host.MarkDirty(_group);
    }

    private void OnReadState(ReadState state)
    {
        if (!_asked.Remove(state.ReadId, out var requests))
            return;
        if (state.Served)
        {
            _answered.Add((state.Index, requests));
            return;
        }
        foreach (var request in requests)
            _host.Requests.Hold(request);
    }
}
