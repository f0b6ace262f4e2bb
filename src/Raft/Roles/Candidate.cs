using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>Campaigns: first a pre-vote that changes nothing, then the vote (thesis §9.6).</summary>
internal sealed class Candidate(Replica replica, Leader leader)
{
    private const long ScanBytesMax = 1 << 20;

    private readonly List<LogEntry> _scan = [];

    /// <summary>Forced means told so by a leader that has given up its lease: no pre-vote, and no waiting for the
    /// promise given to that leader.</summary>
    public bool TryCampaign(bool force)
    {
        if (replica.Role == RaftRole.Leader || !replica.IsVoter || replica.Log.PendingBase is not null
            || (!force && replica.IsBoundToLeader) || HasUnappliedMembership())
        {
            return false;
        }

        if (force)
        {
            Stand(force);
            return true;
        }

        replica.BecomePreCandidate();
        Ask(MessageType.PreVote, force);
        Decide();
        return true;
    }

    public void OnPreVoteReply(in Message message)
    {
        // A grant names the term it was asked for; one of an earlier campaign says nothing about this one.
        bool isCurrent = message.Reject || message.Term == replica.Term.Next;
        if (replica.Role == RaftRole.PreCandidate && isCurrent)
        {
            replica.Tally.Record(message.From, !message.Reject);
            Decide();
        }
    }

    public void OnVoteReply(in Message message)
    {
        if (replica.Role == RaftRole.Candidate)
        {
            replica.Tally.Record(message.From, !message.Reject);
            Decide();
        }
    }

    /// <summary>Our own vote is on stable storage now, so it counts.</summary>
    public void OnVoteDurable()
    {
        replica.Tally.Record(replica.Self, true);
        Decide();
    }

    private void Decide()
    {
        VoteOutcome outcome = replica.Tally.Outcome(replica.Configuration);
        if (outcome == VoteOutcome.Lost)
        {
            bool wasPreVote = replica.Role == RaftRole.PreCandidate;
            replica.BecomeFollower(replica.Term, ReplicaId.None);
            if (wasPreVote)
            {
                replica.OnPreVoteLost();
            }
        }
        else if (outcome == VoteOutcome.Won && replica.Role == RaftRole.PreCandidate)
        {
            Stand(force: false);
        }
        else if (outcome == VoteOutcome.Won && replica.IsVoteDurable)
        {
            leader.Begin(replica.BecomeLeader());
        }
    }

    private void Stand(bool force)
    {
        replica.BecomeCandidate();
        Ask(MessageType.Vote, force);
    }

    private void Ask(MessageType type, bool force)
    {
        Ask(type, force, replica.Configuration.Voters);
        foreach (ReplicaId voter in replica.Configuration.VotersOutgoing)
        {
            if (replica.Configuration.Voters.BinarySearch(voter) < 0)
            {
                Ask(type, force, [voter]);
            }
        }
    }

    private void Ask(MessageType type, bool force, ImmutableArray<ReplicaId> voters)
    {
        foreach (ReplicaId voter in voters)
        {
            if (voter != replica.Self)
            {
                replica.Send(new Message
                {
                    Type = type,
                    To = voter,
                    Term = type == MessageType.PreVote ? replica.Term.Next : replica.Term,
                    Index = replica.Log.LastIndex,
                    LogTerm = replica.Log.LastTerm,
                    Force = force,
                });
            }
        }
    }

    // Campaigning with an outdated membership could end with two majorities that do not meet.
    private bool HasUnappliedMembership()
    {
        LogIndex from = replica.Log.Applied.Next;
        while (from <= replica.Log.Commit)
        {
            _scan.Clear();
            replica.Log.Read(from, replica.Log.Commit, ScanBytesMax, _scan);
            Invariant.Check(_scan.Count > 0, "entries that are not applied yet are still in the log");
            if (_scan.Exists(entry => entry.Kind == EntryKind.Membership))
            {
                _scan.Clear();
                return true;
            }

            from = _scan[^1].Index.Next;
        }

        _scan.Clear();
        return false;
    }
}
