using System.Collections.Immutable;
using ShardStore.Node.Replication;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>On the meta group's leader: makes the group's members those nodes that are on record. Who was admitted
/// becomes a learner, who was removed leaves, and as long as voters are missing the learner that is furthest becomes
/// one. One change at a time, from what is on record, so a new leader goes on where the old one stopped.</summary>
public sealed class MetaMembersKeeper(ReplicaHost host, MetaGroup meta)
{
    private const long LookMicros = 250_000;
    private readonly List<PeerProgress> _progress = [];
    private long _nextLookMicros;

    public void Tick(long nowMicros)
    {
        if (nowMicros < _nextLookMicros || !meta.IsLeader || meta.State.Cluster is null)
            return;
        _nextLookMicros = nowMicros + LookMicros;
        var raft = meta.Group.Raft;
        if (raft.Configuration.IsJoint)
            return;
        if (meta.State.Removed.ContainsKey(host.Options.Node))
        {
            // A leader that is no member any more gives the group away first.
            if (Successor() is { IsNone: false } next)
                raft.TransferLeadership(next, nowMicros);
            host.MarkDirty(meta.Group);
            return;
        }
        var steps = Steps(raft.Configuration);
        if (steps.IsEmpty)
            return;
        raft.ProposeMembership(new MembershipChange(steps), out _);
        host.MarkDirty(meta.Group);
    }

    private ImmutableArray<MembershipStep> Steps(Configuration members)
    {
        var steps = ImmutableArray.CreateBuilder<MembershipStep>();
        var gone = members.Voters.Concat(members.Learners).Where(IsRemoved).ToArray();
        // One at a time: a group that loses two of three at once is gone.
        if (gone.Length > 0)
            steps.Add(new MembershipStep(MembershipStepKind.Remove, gone[0]));
        var voters = members.Voters.Count(voter => !IsRemoved(voter));
        if (voters < Math.Min(ClusterFounding.MetaVotersMax, meta.State.Nodes.Count)
            && Furthest(members.Learners.Where(learner => !IsRemoved(learner))) is { IsNone: false } ready)
        {
            steps.Add(new MembershipStep(MembershipStepKind.AddVoter, ready));
        }
        var entered = meta.State.Nodes.Keys.Select(ClusterFounding.MetaReplica)
            .FirstOrDefault(replica => !members.Voters.Contains(replica) && !members.Learners.Contains(replica));
        if (!entered.IsNone)
            steps.Add(new MembershipStep(MembershipStepKind.AddLearner, entered));
        return steps.ToImmutable();
    }

    private ReplicaId Successor() => Furthest(meta.Group.Raft.Configuration.Voters.Where(voter => !IsRemoved(voter)));

    /// <summary>Of those, the one that follows and has most of the log; None where nobody follows.</summary>
    private ReplicaId Furthest(IEnumerable<ReplicaId> replicas)
    {
        _progress.Clear();
        meta.Group.Raft.CopyProgress(_progress);
        var wanted = replicas.ToHashSet();
        return _progress
            .Where(peer => wanted.Contains(peer.Peer) && peer.Peer != meta.Group.Raft.Self
                && peer.State == ProgressState.Replicate
                && host.Transport.Link(ReplicaHost.NodeOf(peer.Peer)) is { Connected: true })
            .OrderByDescending(peer => peer.Match).ThenBy(peer => peer.Peer)
            .Select(peer => peer.Peer)
            .FirstOrDefault();
    }

    private bool IsRemoved(ReplicaId member) => meta.State.Removed.ContainsKey(ReplicaHost.NodeOf(member));
}
