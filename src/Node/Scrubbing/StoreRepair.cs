using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Scrubbing;

/// <summary>Sees that each damaged store is replaced by a copy from a peer. Votes, term and log of the replica stay as
/// they are: see docs/decisions/0011-scrub.md. A leader hands over first, since nobody sends it anything. Owned by the
/// loop.</summary>
public sealed class StoreRepair(ReplicaHost host, ControlPlane control, Action<ReplicaGroup, int> handOver)
{
    private const long AskMicros = 2_000_000;

    /// <summary>A transfer that was not heard for so long may have ended with its sender's leadership. Asking again
    /// costs nothing while it has not.</summary>
    private const long SilenceMicros = 5_000_000;
    private const long HandOverMicros = 1_000_000;

    /// <summary>Handing over is tried ever less often: where all copies are damaged it only disturbs.</summary>
    private const int DoublingsMax = 6;
    private readonly SortedDictionary<ulong, Attempt> _attempts = [];

    /// <summary>On the loop: there is no other copy that the store could be replaced by.</summary>
    public event Action<ReplicaGroup>? Hopeless;

    public void Tick(long nowMicros)
    {
        if (_attempts.Count == 0 && host.Damage.Groups.Count == 0)
            return;
        foreach (var ended in _attempts.Keys.Except(host.Damage.Groups).ToArray())
            _attempts.Remove(ended);
        foreach (var id in host.Damage.Groups.ToArray())
        {
            if (host.Group(id) is { } group)
                Repair(group, nowMicros);
        }
    }

    private void Repair(ReplicaGroup group, long nowMicros)
    {
        if (!_attempts.TryGetValue(group.Id, out var attempt))
            _attempts.Add(group.Id, attempt = new Attempt());
        if (HasOtherVoter(group))
            attempt.WasHopeless = false;
        else if (!attempt.WasHopeless)
        {
            attempt.WasHopeless = true;
            Hopeless?.Invoke(group);
        }
        if (attempt.WasHopeless)
            return;
        if (group.Raft.Role == RaftRole.Leader)
            HandOver(group, attempt, nowMicros);
        else if (!group.Raft.Leader.IsNone && nowMicros >= attempt.NextAskMicros
            && !host.Snapshots.IsComing(group, ReplicaHost.NodeOf(group.Raft.Leader), nowMicros - SilenceMicros))
            Ask(group, attempt, nowMicros);
    }

    private void HandOver(ReplicaGroup group, Attempt attempt, long nowMicros)
    {
        if (group.Raft.IsTransferring || nowMicros < attempt.NextHandOverMicros)
            return;
        attempt.NextHandOverMicros = nowMicros + (HandOverMicros << Math.Min(attempt.HandOvers, DoublingsMax));
        handOver(group, attempt.HandOvers++);
    }

    /// <summary>The checkpoint must reach the place from which this replica's log can go on: behind what was cut from
    /// it and behind what cannot be read.</summary>
    private void Ask(ReplicaGroup group, Attempt attempt, long nowMicros)
    {
        attempt.NextAskMicros = nowMicros + AskMicros;
        var request = new ControlRequest
        {
            Id = 0,
            Kind = ControlKind.SendCheckpoint,
            Shard = (int)group.Id,
            Replica = group.Identity.Replica.Value,
            Index = Math.Max(group.Checkpoints.CutPosition, UnreadableThrough(group)),
        };
        control.Ask(ReplicaHost.NodeOf(group.Raft.Leader), request, static _ =>
        {
            // A refusal needs no answer of ours: the state it names may pass, and we ask again.
        });
    }

    private ulong UnreadableThrough(ReplicaGroup group) =>
        host.Log.Unreadable().FirstOrDefault(held => held.Stream == group.Id).Position;

    private static bool HasOtherVoter(ReplicaGroup group) =>
        group.Raft.Configuration.Voters.Any(voter => voter != group.Raft.Self)
        || group.Raft.Configuration.VotersOutgoing.Any(voter => voter != group.Raft.Self);

    private sealed class Attempt
    {
        public long NextAskMicros { get; set; }

        /// <summary>Asking does not wait for it: whoever leads in between can help at once.</summary>
        public long NextHandOverMicros { get; set; }
        public int HandOvers { get; set; }
        public bool WasHopeless { get; set; }
    }
}
