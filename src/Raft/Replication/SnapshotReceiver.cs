namespace ShardStore.Raft;

/// <summary>Takes over a checkpoint that the caller has made durable.</summary>
internal sealed class SnapshotReceiver(Replica replica, MembershipDriver membership, ReadyBuilder readies)
{
    /// <summary>False when the checkpoint is of no use here.</summary>
    public bool TryInstall(SnapshotPoint point)
    {
        if (replica.Role == RaftRole.Leader || MembershipRules.FaultIn(point.Configuration) is not null)
        {
            return false;
        }

        if (point.Term > replica.Term)
        {
            replica.BecomeFollower(point.Term, ReplicaId.None);
        }

        bool isNews = point.Index > replica.Log.Commit;
        bool isRestore = isNews && !replica.Log.Matches(point.Index, point.Term);
        if (isRestore)
        {
            Restore(point);
        }
        else if (isNews)
        {
            // We hold these entries, and may have acknowledged more: apply them, do not drop them.
            replica.Log.TryCommitTo(point.Index);
        }

        Acknowledge();
        return isRestore;
    }

    private void Restore(SnapshotPoint point)
    {
        if (replica.Role != RaftRole.Follower)
        {
            replica.BecomeFollower(replica.Term, ReplicaId.None);
        }

        replica.Ledger.ForgetFrom(new LogIndex(1));
        replica.Log.Restore(point);
        membership.Restore(point.Configuration);
        readies.IsBaseDue = true;
        replica.Note("restored-checkpoint", replica.Leader, point.Index);
    }

    private void Acknowledge()
    {
        if (!replica.Leader.IsNone)
        {
            replica.Send(new Message
            {
                Type = MessageType.AppendReply,
                To = replica.Leader,
                Index = replica.Log.Commit,
                SentAt = -1,
            });
        }
    }
}
