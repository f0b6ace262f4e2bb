namespace ShardStore.Raft;

/// <summary>What every message goes through first: is it for us, and what does its term mean (Raft §5.1)?</summary>
internal sealed class TermGate(Replica replica)
{
    /// <summary>True when the message is of our own term now, or is a pre-vote, which has no term of its own.</summary>
    public bool Admit(in Message message)
    {
        if (message.To != replica.Self || message.From == replica.Self || message.From.IsNone)
        {
            replica.Note("dropped-misaddressed", message.From);
            return false;
        }

        if (message.Term > replica.Term)
        {
            return AdmitLater(message);
        }

        if (message.Term < replica.Term)
        {
            AnswerEarlier(message);
            return false;
        }

        return true;
    }

    private bool AdmitLater(in Message message)
    {
        bool isPreVote = message.Type == MessageType.PreVote
            || (message.Type == MessageType.PreVoteReply && !message.Reject);
        if (isPreVote)
        {
            return message.Type == MessageType.PreVote || message.Term == replica.Term.Next;
        }

        bool isBound = replica.IsBoundToLeader || replica.Role == RaftRole.Leader;
        if (message.Type == MessageType.Vote && isBound && !message.Force)
        {
            // Not even its term is taken: that would end the leader that a quorum may be following.
            replica.Note("ignored-vote", message.From);
            return false;
        }

        bool isFromLeader = message.Type is MessageType.Append or MessageType.Heartbeat;
        replica.BecomeFollower(message.Term, isFromLeader ? message.From : ReplicaId.None);
        return true;
    }

    // An old leader must learn of our term, or a replica that is ahead in terms could never be reached again.
    private void AnswerEarlier(in Message message)
    {
        MessageType? reply = message.Type switch
        {
            MessageType.Append or MessageType.Heartbeat => MessageType.AppendReply,
            MessageType.PreVote => MessageType.PreVoteReply,
            MessageType.Vote => MessageType.VoteReply,
            _ => null,
        };
        if (reply is { } type)
        {
            replica.Send(new Message { Type = type, To = message.From, Reject = true });
        }
    }
}
