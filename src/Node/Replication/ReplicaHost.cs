using System.Runtime.ExceptionServices;
using ShardStore.Node.Clocks;
using ShardStore.Node.Commands;
using ShardStore.Node.Scrubbing;
using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>What a host needs from the world; each has a simulated twin.</summary>
public sealed record HostSeams(
    Mailbox Mailbox, IClock Clock, IPeerTransport Transport, AppendLog Log, ILogCommitter Committer,
    IStoreEngine Stores, IBackground Background)
{
    public IDiskSpace Space { get; init; } = AmpleSpace.Instance;
}

/// <summary>All replicas of one node on one loop. Input arrives in the mailbox; <see cref="Turn"/> takes everything
/// that is there, steps the groups, and hands one log batch and one frame per peer out. No thread, task or lock in
/// here: whoever owns the host calls Turn, a thread in the node, the event queue in the simulator.</summary>
public sealed class ReplicaHost
{
    private const int MessagesPerTurnMax = 20_000;
    private readonly SortedDictionary<ulong, ReplicaGroup> _groups = [];
    private readonly List<ReplicaGroup> _dirty = [];
    private readonly HashSet<ReplicaGroup> _dirtySet = [];
    private readonly HostSeams _seams;
    private readonly Dictionary<int, bool> _reachable = [];
    private ulong _seed;
    private long _nextTickMicros;

    public ReplicaHost(ReplicaHostOptions options, HostSeams seams)
    {
        Options = options;
        _seams = seams;
        _seed = options.Seed;
        Pump = new LogPump(seams.Committer);
        Snapshots = new SnapshotTraffic(this);
        Requests = new RequestDispatcher(this);
        Admission = new WriteAdmission(seams.Space);
        Watch = new TurnWatch(seams.Clock);
    }

    public ReplicaHostOptions Options { get; }
    public Mailbox Mailbox => _seams.Mailbox;
    public LogPump Pump { get; }
    public SnapshotTraffic Snapshots { get; }
    public RequestDispatcher Requests { get; }
    public WriteAdmission Admission { get; }
    public DamageBoard Damage { get; } = new();
    public TurnWatch Watch { get; }
    public AppendLog Log => _seams.Log;
    public IStoreEngine Stores => _seams.Stores;
    public IPeerTransport Transport => _seams.Transport;
    public IBackground Background => _seams.Background;
    public IDiskSpace Space => _seams.Space;
    public IClock Clock => _seams.Clock;
    public long NowMicros => _seams.Clock.MonotonicMicros;
    public int CheckpointsRunning { get; set; }
    public bool MayCheckpoint => CheckpointsRunning < Options.CheckpointsMax;

    /// <summary>All groups, by id.</summary>
    public IReadOnlyCollection<ReplicaGroup> Groups => _groups.Values;

    /// <summary>On the loop: a group's role, leader or term changed.</summary>
    public event Action<ReplicaGroup>? LeadershipChanged;

    /// <summary>On the loop, each tick, after the groups.</summary>
    public event Action<long>? Ticked;

    /// <summary>On the loop: trace events of the consensus core.</summary>
    public event Action<ReplicaGroup, RaftEvent>? RaftEvents;

    public ReplicaGroup? Group(ulong id) => _groups.GetValueOrDefault(id);

    /// <summary>A seed of its own for each group and incarnation.</summary>
    public ulong NextSeed() => _seed = (_seed * 6364136223846793005UL) + 1442695040888963407UL;

    public void Add(ReplicaGroup group)
    {
        _groups.Add(group.Id, group);
        MarkDirty(group);
    }

    /// <summary>Takes a replica away for good: its log stream and its directory are deleted.</summary>
    public void Remove(ReplicaGroup group)
    {
        _groups.Remove(group.Id);
        Requests.OnGroupRemoved(group);
        Damage.OnRemoved(group);
        group.Stop();
        Pump.Batch.DropStream(group.Id);
        Pump.WhenDurable(() => Discard(group, group.Machine.Store, group.Identity.Directory));
    }

    /// <summary>Closes and deletes a store that nothing refers to any more. In the background: it may have to wait for
    /// a checkpoint, and hundreds of files take their time.</summary>
    public void Discard(ReplicaGroup group, IKeyValueStore store, string directory) => Background.Run(
        () =>
        {
            store.Dispose();
            Stores.Delete(directory);
        },
        failure => NoteBackground(group, "deleting " + directory, failure));

    public void MarkDirty(ReplicaGroup group)
    {
        if (_dirtySet.Add(group))
            _dirty.Add(group);
    }

    public void Send(ReplicaGroup group, in Message message) =>
        Transport.Send(NodeOf(message.To), group.Id, message);

    public static int NodeOf(ReplicaId replica) => (int)(replica.Value & 0xFFFF);

    public void OnRaftEvent(ReplicaGroup group, RaftEvent raftEvent) => RaftEvents?.Invoke(group, raftEvent);

    /// <summary>On the loop: disk work of a replica failed; it is tried again by whoever wanted it.</summary>
    public event Action<ReplicaGroup, string, Exception>? BackgroundFailed;

    /// <summary>A failed sync is the one failure after which nothing may be tried again: it ends the loop.</summary>
    public void OnBackgroundFailure(ReplicaGroup group, string doing, Exception failure)
    {
        if (failure is FatalStorageException)
            ExceptionDispatchInfo.Throw(failure);
        BackgroundFailed?.Invoke(group, doing, failure);
    }

    /// <summary>The end of background work that nobody waits for.</summary>
    public void NoteBackground(ReplicaGroup group, string doing, Exception? failure)
    {
        if (failure is not null)
            OnBackgroundFailure(group, doing, failure);
    }

    public void OnLeadershipChanged(ReplicaGroup group) => LeadershipChanged?.Invoke(group);

    /// <summary>When <see cref="Turn"/> should be called next even if nothing arrives.</summary>
    public long NextTickMicros => _nextTickMicros;

    /// <summary>One round: input, ticks, proposals, ready work, output.</summary>
    public void Turn()
    {
        var now = NowMicros;
        Watch.Begin("peer messages");
        TakeMessages();
        Watch.Enter("work items");
        while (Mailbox.TryTakeWork(out var work))
            work();
        Watch.Enter("tick");
        if (now >= _nextTickMicros)
            Tick(now);
        // What the messages committed is applied before the requests are looked at, so that reads need not wait.
        Watch.Enter("applying");
        ProcessDirty();
        Watch.Enter("requests");
        Requests.TakeAll();
        Watch.Enter("reads and proposals");
        Requests.Flush();
        Watch.Enter("applying");
        ProcessDirty();
        Watch.Enter("sending");
        Transport.Flush();
        Pump.Submit(Mailbox.Post, NowMicros);
        Watch.End();
    }

    private void TakeMessages()
    {
        for (var taken = 0; taken < MessagesPerTurnMax && Mailbox.TryTake(out PeerMessage item); taken++)
        {
            // A message for a replica this node no longer, or not yet, holds: the sender finds out by itself.
            if (!_groups.TryGetValue(item.Group, out var group) || group.Identity.Replica != item.Message.To)
                continue;
            // The clock is read for each message: a follower's promise to its leader counts from it, and this
            // process may have been stopped since the turn began.
            group.Raft.Step(item.Message, NowMicros);
            MarkDirty(group);
        }
    }

    private void Tick(long now)
    {
        _nextTickMicros = now + (Options.TickMs * 1000L);
        var abandonBefore = now - (Options.ProposalMsMax * 1000L);
        _reachable.Clear();
        foreach (var group in _groups.Values)
        {
            if (group.Raft.Role == RaftRole.Follower && !CanReach(group.Raft.Leader))
                group.Raft.SuspectLeader(now);
            group.Raft.Tick(now);
            group.Checkpoints.Poll();
            group.Proposals.AbandonOlderThan(abandonBefore);
            MarkDirty(group);
        }
        Snapshots.Tick(now);
        Requests.Tick(now);
        Ticked?.Invoke(now);
    }

    /// <summary>False when the connection to the replica's node broke and no new one could be made yet.</summary>
    private bool CanReach(ReplicaId replica)
    {
        if (replica.IsNone)
            return true;
        var node = NodeOf(replica);
        if (!_reachable.TryGetValue(node, out var canReach))
            _reachable[node] = canReach = Transport.Link(node) is not { Connected: false };
        return canReach;
    }

    private void ProcessDirty()
    {
        // Applying can make a group ready again (a membership entry, a lone voter); rounds are few and bounded by
        // what is committed.
        for (var next = 0; next < _dirty.Count; next++)
        {
            var group = _dirty[next];
            _dirtySet.Remove(group);
            while (group.ProcessReady())
            {
            }
        }
        _dirty.Clear();
        Requests.AfterApply();
    }
}
