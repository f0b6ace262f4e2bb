using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>Takes membership changes from proposal to effect. A change takes effect when it is applied.</summary>
internal sealed class MembershipDriver(
    Replica replica, Leader leader, Replicator replicator, LeadershipTransfer transfer)
{
    // Handed out for apply and not reported applied yet.
    private readonly Queue<(LogIndex Index, MembershipChange Change)> _pending = [];

    public ProposeResult Propose(MembershipChange change, out LogIndex index)
    {
        index = default;
        if (replica.Leading is not { } leading)
        {
            return ProposeResult.NotLeader;
        }

        if (!CanChange(leading) || replica.Configuration.IsJoint)
        {
            return ProposeResult.ChangeInFlight;
        }

        string? fault = MembershipRules.TryApply(replica.Configuration, change, out Configuration next);
        if (fault is not null || MembershipRules.Same(replica.Configuration, next))
        {
            return ProposeResult.Invalid;
        }

        return Append(leading, change, out index);
    }

    public void OnHandedOut(List<LogEntry> committed)
    {
        foreach (LogEntry entry in committed)
        {
            if (entry.Kind == EntryKind.Membership)
            {
                string? fault = MembershipChangeCodec.TryDecode(entry.Payload.Span, out MembershipChange change);
                Invariant.Check(fault is null, "a committed membership change can be read");
                _pending.Enqueue((entry.Index, change));
            }
        }
    }

    public void OnApplied()
    {
        while (_pending.TryPeek(out (LogIndex Index, MembershipChange Change) next)
            && next.Index <= replica.Log.Applied)
        {
            _pending.Dequeue();
            Apply(next.Change, next.Index);
        }

        TryLeaveJoint();
    }

    /// <summary>An installed checkpoint brings its own membership.</summary>
    public void Restore(Configuration configuration)
    {
        _pending.Clear();
        replica.Configuration = configuration;
    }

    /// <summary>Whoever leads a joint configuration ends it, also when it inherited it.</summary>
    public void TryLeaveJoint()
    {
        if (replica.Leading is { } leading && replica.Configuration.IsJoint && CanChange(leading))
        {
            Append(leading, MembershipChange.LeaveJoint, out _);
        }
    }

    // One change at a time, and only with an entry of this term committed: two leaders of different terms could
    // otherwise each change one member, to majorities that do not meet.
    private bool CanChange(LeaderState leading) =>
        replica.Log.Applied >= leading.PendingMembership && replica.Log.Commit >= leading.TermStart;

    private ProposeResult Append(LeaderState leading, MembershipChange change, out LogIndex index)
    {
        byte[] payload = MembershipChangeCodec.Encode(change);
        ProposeResult result = leader.Propose(EntryKind.Membership, payload, out index);
        if (result == ProposeResult.Ok)
        {
            leading.PendingMembership = index;
        }

        return result;
    }

    private void Apply(MembershipChange change, LogIndex index)
    {
        string? fault = MembershipRules.TryApply(replica.Configuration, change, out Configuration next);
        Invariant.Check(fault is null, "a committed membership change can be made");
        replica.Configuration = next;
        replica.Note("changed-membership", default, index);
        if (replica.Leading is { } leading)
        {
            Lead(leading);
        }
    }

    private void Lead(LeaderState leading)
    {
        TellLeaving(leading);
        leading.Members.Adopt(replica.Configuration, replica.Options, replica.Log.LastIndex, replica.Now);
        leading.AppendsDue = true;
        if (!replica.IsVoter)
        {
            transfer.LeaveOffice(leading);
            return;
        }

        if (leading.IsTransferring && replica.Configuration.Voters.BinarySearch(leading.TransferTo) < 0)
        {
            leading.TransferTo = ReplicaId.None;
        }

        // A smaller quorum may have been reached already.
        leader.TryCommit();
    }

    // Members that leave hear one last commit index, so that they learn of it and stop campaigning.
    private void TellLeaving(LeaderState leading)
    {
        foreach (FollowerProgress member in leading.Members.Members)
        {
            bool stays = MembershipRules.IsVoter(replica.Configuration, member.Peer)
                || replica.Configuration.Learners.BinarySearch(member.Peer) >= 0
                || replica.Configuration.LearnersNext.BinarySearch(member.Peer) >= 0;
            if (!stays && member.Peer != replica.Self)
            {
                replicator.SendHeartbeat(member, leading.Round);
            }
        }
    }
}
