using ShardStore.Node.Commands;
using ShardStore.Node.Routing;
using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>Takes client requests to the shard that serves them here, sends clients elsewhere with one MOVED, and
/// holds what has no leader for a moment: stock clients throw on CLUSTERDOWN and TRYAGAIN, but wait gladly.
/// </summary>
public sealed class RequestDispatcher(ReplicaHost host)
{
    public const string UnknownOutcome = "SHARDSTORE.UNKNOWN the outcome of this write is not known, it may still be "
        + "applied; read the key, or retry with SHARDSTORE.ONCE";
    public const string ClusterDown = "CLUSTERDOWN The shard of this slot has no leader that can be reached";
    private const string Overloaded = "SHARDSTORE.OVERLOADED too many requests are waiting on this node; retry later";

    private const int RequestsPerTurnMax = 50_000;
    private const long ExpiryMicros = 100_000;
    private readonly Dictionary<int, ShardRequests> _shards = [];
    private readonly List<ShardRequests> _active = [];
    private readonly Dictionary<int, int> _heldByShard = [];
    private List<ClientRequest> _held = [];
    private long _nextExpiryMicros;
    private List<ClientRequest> _retrying = [];

    /// <summary>Where the loop learns who leads a shard that is not led here; set by the placement part.</summary>
    public Func<ShardMap> Map { get; set; } = () => ShardMap.Empty;

    public long NowMicros => host.NowMicros;

    public long HeldTotal { get; private set; }

    public int HeldNow => _held.Count;

    public long RedirectedTotal { get; private set; }

    public void Add(ShardRequests shard) => _shards.Add(shard.Shard.ShardId, shard);

    public ShardRequests? Shard(int id) => _shards.GetValueOrDefault(id);

    public IEnumerable<ShardRequests> Shards => _shards.Values;

    public void OnGroupRemoved(ReplicaGroup group)
    {
        if (_shards.Remove((int)group.Id, out var shard))
            shard.Release();
    }

    /// <summary>Takes over what the connections have posted.</summary>
    public void TakeAll()
    {
        var now = host.NowMicros;
        for (var taken = 0; taken < RequestsPerTurnMax && host.Mailbox.TryTake(out ClientRequest? request); taken++)
        {
            if (request.SubmittedMicros == 0)
                request.SubmittedMicros = now;
            if (request.PayloadBytes > host.Options.CommandBytesMax)
                RefuseSize(request);
            else if (_heldByShard.ContainsKey(request.ShardId))
                Hold(request);
            else
                Dispatch(request);
        }
    }

    private void RefuseSize(ClientRequest request) => request.Fail(
        $"ERR command of {request.PayloadBytes} bytes; at most {host.Options.CommandBytesMax} are taken");

    public void Flush()
    {
        foreach (var shard in _active)
            shard.Flush();
        _active.Clear();
    }

    public void AfterApply()
    {
        foreach (var shard in _shards.Values)
            shard.AfterApply();
    }

    /// <summary>Keeps a request that nobody can serve now. It is tried again at each tick and at each change of a
    /// leader, until its time is over.</summary>
    public void Hold(ClientRequest request)
    {
        if (_held.Count >= host.Options.HeldMax)
        {
            request.Fail(Overloaded);
            return;
        }
        request.Reply.Clear();
        HeldTotal++;
        _held.Add(request);
        // Later requests of the shard queue up behind, or a pipeline would overtake itself.
        _heldByShard[request.ShardId] = _heldByShard.GetValueOrDefault(request.ShardId) + 1;
    }

    public void Tick(long nowMicros)
    {
        ProposeExpiry(nowMicros);
        if (_held.Count == 0)
            return;
        (_held, _retrying) = (_retrying, _held);
        _heldByShard.Clear();
        var oldest = nowMicros - (host.Options.HoldMsMax * 1000L);
        foreach (var request in _retrying)
        {
            if (request.SubmittedMicros < oldest)
                request.Fail(ClusterDown);
            else if (_heldByShard.ContainsKey(request.ShardId))
                Hold(request);
            else
                Dispatch(request);
        }
        _retrying.Clear();
    }

    private void ProposeExpiry(long nowMicros)
    {
        if (nowMicros < _nextExpiryMicros)
            return;
        _nextExpiryMicros = nowMicros + ExpiryMicros;
        foreach (var shard in _shards.Values)
            shard.ProposeExpiry();
    }

    /// <summary>Node that leads a shard as far as this node knows; 0 = nobody.</summary>
    public int LeaderOf(int shardId)
    {
        if (_shards.TryGetValue(shardId, out var shard) && !shard.Group.Raft.Leader.IsNone)
            return ReplicaHost.NodeOf(shard.Group.Raft.Leader);
        return Map().Shard(shardId)?.LeaderNode ?? 0;
    }

    private void Dispatch(ClientRequest request)
    {
        if (!_shards.TryGetValue(request.ShardId, out var shard))
        {
            SendToLeader(request);
            return;
        }
        var raft = shard.Group.Raft;
        // What cannot be led from here any more waits for the next leader.
        var cannotLead = raft.IsTransferring || shard.Group.IsBroken;
        if (raft.Role == RaftRole.Leader ? cannotLead : !IsFollowerRead(request, shard.Group))
        {
            SendToLeader(request);
            return;
        }
        if (!shard.HasWork)
            _active.Add(shard);
        shard.Add(request);
    }

    private bool IsFollowerRead(ClientRequest request, ReplicaGroup group) =>
        request.ReadOnlyConnection && !request.IsWrite && !group.Raft.Leader.IsNone && host.Damage.IsSound(group);

    /// <summary>One MOVED to whoever leads the shard; held while that is not known.</summary>
    public void SendToLeader(ClientRequest request)
    {
        var leader = LeaderOf(request.ShardId);
        if (leader == 0 || leader == host.Options.Node || Map().Node(leader) is not { } node)
        {
            Hold(request);
            return;
        }
        RedirectedTotal++;
        request.Fail($"MOVED {request.Slot} {node.Host}:{node.Port}");
    }
}
