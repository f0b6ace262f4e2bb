namespace ShardStore.Raft;

/// <summary>How any replica answers those who campaign. Learners answer too: a candidate may know of a promotion that
/// has not reached us.</summary>
internal sealed class Voter(Replica replica)
{
    /// <summary>Promises nothing, and does not touch our election timer: otherwise candidates that cannot win keep
    /// everyone from standing.</summary>
    public void OnPreVote(in Message message)
    {
        bool granted = message.Term > replica.Term && !replica.IsBoundToLeader && replica.Role != RaftRole.Leader
            && replica.Log.IsUpToDate(message.Index, message.LogTerm);
        replica.Send(new Message
        {
            Type = MessageType.PreVoteReply,
            To = message.From,
            Term = granted ? message.Term : replica.Term,
            Reject = !granted,
        });
    }

    /// <summary>Comes here only in our own term.</summary>
    public void OnVote(in Message message)
    {
        bool isFree = replica.Vote == message.From || (replica.Vote.IsNone && replica.Leader.IsNone);
        bool granted = isFree && (message.Force || !replica.IsBoundToLeader)
            && replica.Log.IsUpToDate(message.Index, message.LogTerm);
        if (granted)
        {
            replica.GrantVote(message.From);
        }

        replica.Send(new Message { Type = MessageType.VoteReply, To = message.From, Reject = !granted });
    }
}
