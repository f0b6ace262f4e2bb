using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>All checkpoints under way from and to this node. Owned by the loop; reading, compressing, writing and
/// opening happen in the background.</summary>
public sealed class SnapshotTraffic(ReplicaHost host)
{
    private readonly Dictionary<SnapshotKey, SnapshotSender> _sending = [];
    private readonly Dictionary<ulong, SnapshotReceiver> _receiving = [];
    private readonly Dictionary<ReplicaId, uint> _generations = [];
    private readonly TransferPace _pace = new(host.Options.SnapshotBytesPerSecondMax);
    private ulong _nextTransfer;
    private long _lastTickMicros;
    private double _budgetBytes;

    public IEnumerable<SnapshotSender> Sending => _sending.Values;

    /// <summary>Index of the checkpoint that is on its way to a follower, or null.</summary>
    public LogIndex? IndexSentTo(ReplicaGroup group, ReplicaId follower)
    {
        foreach (var sender in _sending.Values)
        {
            if (sender.Group == group && sender.Key.To == follower)
                return sender.Index;
        }
        return null;
    }

    /// <summary>Bytes (as sent) since start.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes (as received) since start.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>What may be sent a second now; lowered while foreground requests suffer. Unit: bytes.</summary>
    public double RateBytesPerSecond => _pace.BytesPerSecond;

    /// <summary>Each second: the node's request p99, 0 without requests.</summary>
    public void Observe(double requestMicrosP99) => _pace.Observe(requestMicrosP99, _sending.Count > 0);

    /// <summary>Starts streaming the newest checkpoint to a follower. Without one, asks for one and tries again.
    /// </summary>
    public void StartSending(ReplicaGroup group, ReplicaId follower)
    {
        // One that was asked for does the same, but the core knows nothing of it.
        if (SenderTo(group, follower) is { } repair)
            Finish(repair, installed: false);
        Start(group, follower, new LogIndex(0), isRepair: false);
    }

    /// <summary>A replica asks for a copy of the store in the place of its own, which is damaged; it needs one at
    /// <paramref name="atLeast"/> or later. Null, or why it gets none.</summary>
    public string? TryStartRepair(ReplicaGroup group, ReplicaId replica, LogIndex atLeast)
    {
        if (!host.Damage.IsSound(group))
            return $"the copy of group {group.Id} on this node is damaged too";
        if (!group.Raft.TryGetProgress(replica, out _))
            return $"replica {replica} is no member of group {group.Id}";
        if (SenderTo(group, replica) is null)
            Start(group, replica, atLeast, isRepair: true);
        return null;
    }

    /// <summary>True while a checkpoint is on its way from a node that was heard since.</summary>
    public bool IsComing(ReplicaGroup group, int fromNode, long sinceMicros) =>
        _receiving.TryGetValue(group.Id, out var receiver) && receiver.FromNode == fromNode
        && receiver.HeardMicros >= sinceMicros;

    /// <summary>Index of the checkpoint that is on its way to this replica, or null.</summary>
    public LogIndex? IndexComingTo(ReplicaGroup group) => _receiving.GetValueOrDefault(group.Id)?.Index;

    private SnapshotSender? SenderTo(ReplicaGroup group, ReplicaId follower) =>
        _sending.Values.FirstOrDefault(sender => sender.Group == group && sender.Key.To == follower);

    private void Start(ReplicaGroup group, ReplicaId follower, LogIndex atLeast, bool isRepair)
    {
        var transfer = (host.NextSeed() & 0xFFFF_FFFF_0000_0000UL) | ++_nextTransfer;
        var key = new SnapshotKey(group.Id, follower, transfer);
        _sending[key] = new SnapshotSender(host, group, key) { AtLeast = atLeast, IsRepair = isRepair };
    }

    /// <summary>Bytes of the snapshot channel, copied by the transport's receiver.</summary>
    public void OnBulk(int fromNode, ReadOnlyMemory<byte> bytes)
    {
        if (!SnapshotMessages.TryReadHead(bytes, out var type, out var key, out var body))
            return;
        switch (type)
        {
            case SnapshotMessageType.Offer:
                OnOffer(fromNode, key, body);
                break;
            case SnapshotMessageType.Chunk when _receiving.TryGetValue(key.Group, out var receiver)
                && receiver.Key == key:
                ReceivedBytes += bytes.Length;
                receiver.OnChunk((int)SnapshotMessages.ReadNumber(body), body[8..]);
                break;
            case SnapshotMessageType.Progress when _sending.TryGetValue(key, out var sender):
                sender.OnProgress((int)SnapshotMessages.ReadNumber(body));
                break;
            case SnapshotMessageType.Done when _sending.TryGetValue(key, out var sender):
                Finish(sender, SnapshotMessages.ReadNumber(body) == 1);
                break;
        }
    }

    public void Tick(long nowMicros)
    {
        var elapsed = Math.Max(0, nowMicros - _lastTickMicros) / 1e6;
        _lastTickMicros = nowMicros;
        _budgetBytes = Math.Min(RateBytesPerSecond / 4, _budgetBytes + (elapsed * RateBytesPerSecond));
        foreach (var sender in _sending.Values.ToArray())
        {
            if (sender.IsOver(nowMicros))
                Finish(sender, installed: false);
            else
                sender.Pump();
        }
        foreach (var receiver in _receiving.Values.ToArray())
        {
            if (receiver.IsOver(nowMicros))
                Forget(receiver);
            else
                receiver.Tick();
        }
    }

    /// <summary>False when the node's sending budget is spent until the next tick.</summary>
    public bool MaySend => _budgetBytes > 0;

    public void Spent(int bytes)
    {
        _budgetBytes -= bytes;
        SentBytes += bytes;
    }

    public void Finish(SnapshotSender sender, bool installed)
    {
        _sending.Remove(sender.Key);
        sender.Close();
        if (!sender.Group.Stopped && !sender.IsRepair)
        {
            sender.Group.Raft.ReportSnapshot(sender.Key.To, sender.Index, installed);
            host.MarkDirty(sender.Group);
        }
    }

    /// <summary>Ends a transfer to this node, finished or not.</summary>
    public void Forget(SnapshotReceiver receiver)
    {
        if (_receiving.TryGetValue(receiver.Key.Group, out var running) && running == receiver)
            _receiving.Remove(receiver.Key.Group);
        receiver.Close();
    }

    private void OnOffer(int fromNode, SnapshotKey key, ReadOnlyMemory<byte> body)
    {
        var group = host.Group(key.Group);
        if (group is null || group.Identity.Replica != key.To
            || !SnapshotMessages.TryReadOffer(key, body, out var offer))
            return;
        if (_receiving.TryGetValue(key.Group, out var running))
        {
            if (running.Key == key)
            {
                running.OnOfferedAgain();
                return;
            }
            Forget(running);
        }
        _receiving[key.Group] = new SnapshotReceiver(host, group, fromNode, offer!, NextGeneration(group));
    }

    /// <summary>A transfer that was given up may still be writing in its directory: the next one takes another.
    /// </summary>
    private uint NextGeneration(ReplicaGroup group)
    {
        var replica = group.Identity.Replica;
        var generation = Math.Max(group.Identity.Generation, _generations.GetValueOrDefault(replica)) + 1;
        return _generations[replica] = generation;
    }
}
