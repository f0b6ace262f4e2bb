using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>Hands leadership to a chosen voter (thesis §3.10): stop proposals, let it catch up, tell it to campaign.
/// </summary>
internal sealed class LeadershipTransfer(Replica replica, Replicator replicator)
{
    public void Begin(LeaderState leading, ReplicaId to)
    {
        bool isVoter = replica.Configuration.Voters.BinarySearch(to) >= 0;
        bool isChanging = replica.Log.Applied < leading.PendingMembership
            && leading.PendingMembership <= replica.Log.Commit;
        if (to == replica.Self || !isVoter || isChanging || leading.Members.Find(to) is not { } member)
        {
            replica.Note("refused-transfer", to);
            return;
        }

        if (leading.TransferTo == to)
        {
            return;
        }

        leading.TransferTo = to;
        leading.TransferDeadline = replica.Now + replica.Options.ElectionTimeoutMicros;
        replica.Note("began-transfer", to);
        OnProgress(leading, member);
    }

    public void OnProgress(LeaderState leading, FollowerProgress member)
    {
        if (leading.TransferTo == member.Peer && member.Match == replica.Log.LastIndex)
        {
            SendTimeoutNow(leading, member.Peer);
        }
        else
        {
            leading.AppendsDue = true;
        }
    }

    public void Tick(LeaderState leading)
    {
        if (leading.IsTransferring && replica.Now >= leading.TransferDeadline)
        {
            replica.Note("gave-up-transfer", leading.TransferTo);
            leading.TransferTo = ReplicaId.None;
        }
    }

    /// <summary>We are no voter any more: tell the commit index to all, the best voter to campaign, and step down.
    /// </summary>
    public void LeaveOffice(LeaderState leading)
    {
        FollowerProgress? best = null;
        foreach (FollowerProgress member in leading.Members.Members)
        {
            bool isVoter = replica.Configuration.Voters.BinarySearch(member.Peer) >= 0;
            if (isVoter && (best is null || member.Match > best.Match))
            {
                best = member;
            }
        }

        replicator.SendAppends(leading);
        replicator.SendHeartbeats(leading, sleep: false);
        if (best is not null)
        {
            SendTimeoutNow(leading, best.Peer);
        }

        replica.BecomeFollower(replica.Term, ReplicaId.None);
    }

    private void SendTimeoutNow(LeaderState leading, ReplicaId to)
    {
        foreach ((ReplicaId told, ulong round) in leading.TimeoutNows)
        {
            if (told == to && round == leading.Round)
            {
                return;
            }
        }

        leading.TimeoutNows.Add((to, leading.Round));
        replica.Send(new Message { Type = MessageType.TimeoutNow, To = to, Context = leading.Round });
    }
}
