namespace ShardStore.Raft;

/// <summary>What a replica does with a leader's messages, and for how long it waits for them.</summary>
internal sealed class Follower(Replica replica, Candidate candidate)
{
    private readonly RaftLog _log = replica.Log;

    public void OnAppend(in Message message)
    {
        FollowLeaderOf(message);
        if (replica.Configuration.Voters.IsEmpty)
        {
            // Log entries cannot tell the group's first members: this replica must start from a checkpoint.
            Refuse(message, default, default);
            return;
        }

        if (message.Index < _log.Commit)
        {
            Acknowledge(message, _log.Commit);
            return;
        }

        if (!_log.Matches(message.Index, message.LogTerm))
        {
            LogIndex start = message.Index < _log.LastIndex ? message.Index : _log.LastIndex;
            (LogIndex hint, Term hintTerm) = _log.LastNotAfter(start, message.LogTerm);
            Refuse(message, hint, hintTerm);
            return;
        }

        Accept(message);
    }

    public void OnHeartbeat(in Message message)
    {
        FollowLeaderOf(message);
        replica.HeardRound = Math.Max(replica.HeardRound, message.Context);
        replica.CampaignWhenApplied = false;
        _log.TryCommitTo(message.Commit);
        replica.Send(new Message
        {
            Type = MessageType.HeartbeatReply,
            To = message.From,
            Context = message.Context,
            SentAt = message.SentAt,
        });

        // The last beat before the leader of an idle group falls silent.
        replica.IsAsleep = message.Force && _log.Commit == _log.LastIndex;
    }

    /// <summary>Only the leader of this process's knowledge, and nothing older than its last heartbeat: a late one
    /// could depose it while it holds a lease again.</summary>
    public void OnTimeoutNow(in Message message)
    {
        if (replica.Role != RaftRole.Follower || replica.Leader != message.From
            || message.Context < replica.HeardRound || !replica.IsVoter)
        {
            replica.Note("ignored-timeout-now", message.From);
            return;
        }

        replica.CampaignWhenApplied = !candidate.TryCampaign(force: true);
    }

    public void OnReadIndexReply(in Message message) =>
        replica.Forwarded.OnAnswer(message.Context, message.Index, !message.Reject, replica.ReadResults);

    public void ReadIndex(ulong readId)
    {
        if (replica.Leader.IsNone || !replica.Forwarded.TryAdd(readId))
        {
            replica.ReadResults.Add(new ReadState(readId, default, false));
        }
    }

    public void Tick()
    {
        replica.Forwarded.EndOlderThan(replica.Now - replica.Options.ElectionTimeoutMicros, replica.ReadResults);
        if (!replica.IsAsleep && replica.Now >= replica.ElectionDeadline)
        {
            candidate.TryCampaign(force: false);
        }
    }

    /// <summary>One question for all reads that came since the last Ready.</summary>
    public void Flush()
    {
        if (replica.Forwarded.HasWaiting)
        {
            ulong token = replica.Forwarded.Start(replica.Now);
            replica.Send(new Message { Type = MessageType.ReadIndex, To = replica.Leader, Context = token });
        }
    }

    private void FollowLeaderOf(in Message message)
    {
        if (replica.Role is RaftRole.Candidate or RaftRole.PreCandidate)
        {
            replica.BecomeFollower(replica.Term, message.From);
        }

        replica.HearLeader(message.From);
        replica.IsAsleep = false;
    }

    private void Accept(in Message message)
    {
        ReadOnlySpan<LogEntry> entries = message.Entries;
        LogIndex dropped = _log.AppendFromLeader(entries);
        if (dropped.Value > 0)
        {
            replica.Ledger.ForgetFrom(dropped);
            replica.Note("dropped-conflicting-entries", message.From, dropped);
        }

        var last = new LogIndex(message.Index.Value + (ulong)entries.Length);
        _log.TryCommitTo(message.Commit < last ? message.Commit : last);
        Acknowledge(message, last);
    }

    private void Acknowledge(in Message message, LogIndex index) => replica.Send(new Message
    {
        Type = MessageType.AppendReply,
        To = message.From,
        Index = index,
        SentAt = message.SentAt,
    });

    private void Refuse(in Message message, LogIndex hint, Term hintTerm) => replica.Send(new Message
    {
        Type = MessageType.AppendReply,
        To = message.From,
        Index = message.Index,
        Reject = true,
        RejectHint = hint,
        LogTerm = hintTerm,
        SentAt = message.SentAt,
    });
}
