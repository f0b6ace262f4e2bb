using System.Buffers;
using ShardStore.Node.Commands;
using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>The client requests of one shard on this node. Writes of a turn share entries. Reads on the leader are
/// served under its lease, checked again after the value is read; where there is no lease, or where the same
/// connection has a write under way, they wait behind an entry. Reads on other replicas ask for a read index.
/// </summary>
public sealed class ShardRequests
{
    private readonly ReplicaHost _host;
    private readonly ReplicaGroup _group;
    private readonly ShardReplica _shard;
    private readonly List<ClientRequest> _writes = [];
    private readonly List<ClientRequest> _reads = [];
    private readonly List<ClientRequest> _followerReads = [];
    private readonly Queue<OrderedRead> _ordered = new();
    private readonly Dictionary<ulong, List<ClientRequest>> _asked = [];
    private readonly List<(LogIndex Index, List<ClientRequest> Requests)> _answered = [];
    private readonly ArrayBufferWriter<byte> _payload = new(64 * 1024);
    private LogIndex _lastProposed;
    private ulong _nextReadId;

    public ShardRequests(ReplicaHost host, ReplicaGroup group, ShardReplica shard)
    {
        _host = host;
        _group = group;
        _shard = shard;
        group.OnApplied = ServeOrderedReads;
        group.OnReadState = OnReadState;
    }

    public ReplicaGroup Group => _group;

    public ShardReplica Shard => _shard;

    public bool HasWork => _writes.Count > 0 || _reads.Count > 0 || _followerReads.Count > 0;

    public void Add(ClientRequest request)
    {
        if (request.IsWrite)
            _writes.Add(request);
        else if (request.ReadOnlyConnection && _group.Raft.Role != RaftRole.Leader)
            _followerReads.Add(request);
        else
            _reads.Add(request);
    }

    /// <summary>End of a turn's input: proposes the writes, serves or queues the reads.</summary>
    public void Flush()
    {
        if (_writes.Count > 0)
            ProposeWrites();
        if (_reads.Count > 0)
            ServeReads();
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
                Serve(request);
            _answered.RemoveAt(i);
        }
    }

    /// <summary>The replica leaves: what waits here is tried elsewhere.</summary>
    public void Release()
    {
        foreach (var request in _writes.Concat(_reads).Concat(_followerReads))
            _host.Requests.Hold(request);
        while (_ordered.TryDequeue(out var item))
            _host.Requests.Hold(item.Request);
        foreach (var request in _asked.Values.SelectMany(list => list))
            _host.Requests.Hold(request);
        foreach (var request in _answered.SelectMany(item => item.Requests))
            _host.Requests.Hold(request);
        _writes.Clear();
        _reads.Clear();
        _followerReads.Clear();
        _asked.Clear();
        _answered.Clear();
    }

    /// <summary>Reads that wait behind entries which this replica, deposed, may never see.</summary>
    public void OnLeadershipLost()
    {
        while (_ordered.TryDequeue(out var item))
            _host.Requests.Hold(item.Request);
    }

    private void ProposeWrites()
    {
        var next = 0;
        while (next < _writes.Count)
        {
            var batch = new ClientBatch(_host.Requests);
            var bytes = 0;
            while (next < _writes.Count && batch.Requests.Count < _host.Options.EntryCommandsMax
                && (bytes == 0 || bytes + _writes[next].PayloadBytes <= _host.Options.EntryBytesMax))
            {
                bytes += _writes[next].PayloadBytes;
                batch.Requests.Add(_writes[next++]);
            }
            if (!TryPropose(batch))
                batch.OnLost();
        }
        _writes.Clear();
    }

    private bool TryPropose(ClientBatch batch)
    {
        if (_group.Raft.Role != RaftRole.Leader)
            return false;
        _payload.ResetWrittenCount();
        _shard.Commands.Encode(batch.Requests, _host.Clock.WallMs, _payload);
        if (_group.Propose(_payload.WrittenSpan.ToArray(), batch, out var index) != ProposeResult.Ok)
            return false;
        _lastProposed = index;
        return true;
    }

    private void ServeReads()
    {
        if (_group.Raft.Role != RaftRole.Leader)
        {
            foreach (var request in _reads)
                _host.Requests.Hold(request);
            _reads.Clear();
            return;
        }
        var leased = _group.IsReadyLeader && _group.Raft.HoldsLease(_host.NowMicros);
        var barrier = false;
        foreach (var request in _reads)
        {
            if (leased && !request.FollowsWrite)
            {
                _shard.Read(request, _host.Clock.WallMs);
                continue;
            }
            barrier |= !leased;
            _ordered.Enqueue(new OrderedRead(default, Fresh: false, request));
        }
        FinishReads(leased, barrier);
    }

    private void FinishReads(bool leased, bool barrier)
    {
        // The value counts only if the lease still held after it was read: the process may have been stopped between.
        if (leased && !_group.Raft.HoldsLease(_host.NowMicros))
            barrier = true;
        foreach (var request in _reads)
        {
            if (!leased || request.FollowsWrite)
                continue;
            if (barrier)
                _ordered.Enqueue(new OrderedRead(default, Fresh: false, request));
            else
                request.Complete();
        }
        _reads.Clear();
        QueueBehindEntry(barrier);
    }

    /// <summary>Gives the new reads in the queue the index they wait for: the last proposed entry, or a fresh empty
    /// one whose commit proves that this replica still leads.</summary>
    private void QueueBehindEntry(bool barrier)
    {
        if (_ordered.Count == 0 || _ordered.All(read => read.Index.Value > 0))
            return;
        var fresh = barrier || _lastProposed <= _group.Raft.AppliedIndex;
        if (fresh && !TryPropose(new ClientBatch(_host.Requests)))
        {
            OnLeadershipLost();
            return;
        }
        for (var remaining = _ordered.Count; remaining > 0; remaining--)
        {
            var read = _ordered.Dequeue();
            _ordered.Enqueue(read.Index.Value > 0 ? read : read with { Index = _lastProposed, Fresh = fresh });
        }
    }

    private void ServeOrderedReads(LogIndex applied)
    {
        while (_ordered.TryPeek(out var read) && read.Index.Value > 0 && read.Index <= applied)
        {
            _ordered.Dequeue();
            if (_group.Raft.Role == RaftRole.Leader)
                _shard.Read(read.Request, _host.Clock.WallMs);
            // The acknowledgements of an entry older than the read may be older than a new leader: then only the
            // lease tells that there is none.
            if (_group.Raft.Role == RaftRole.Leader && (read.Fresh || _group.Raft.HoldsLease(_host.NowMicros)))
                read.Request.Complete();
            else
                _host.Requests.Hold(read.Request);
        }
    }

    private void Serve(ClientRequest request)
    {
        _shard.Read(request, _host.Clock.WallMs);
        request.Complete();
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

    /// <summary>A read that waits for an entry; <paramref name="Fresh"/>: the entry was proposed after the read came,
    /// so its commit alone proves that nobody else led then.</summary>
    private readonly record struct OrderedRead(LogIndex Index, bool Fresh, ClientRequest Request);
}
