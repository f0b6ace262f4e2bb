namespace ShardStore.Raft;

/// <summary>What only a leader may do: propose, count acknowledgements, commit, confirm reads.</summary>
internal sealed class Leader(
    Replica replica, Replicator replicator, LeadershipTransfer transfer, LeaderReads reads)
{
    private static readonly Func<FollowerProgress, ulong> Matched = member => member.Match.Value;
    private static readonly Func<FollowerProgress, ulong> RepliedAt = member => (ulong)member.LastReplyMicros;

    private readonly RaftLog _log = replica.Log;

    /// <summary>The first entry of a term is empty: committing it commits what earlier terms left (§5.4.2).</summary>
    public void Begin(LeaderState leading)
    {
        leading.Members.Adopt(replica.Configuration, replica.Options, _log.LastIndex, replica.Now);

        // One of the inherited entries may change the membership: act as if the last one did.
        leading.PendingMembership = _log.LastIndex;
        leading.TermStart = _log.AppendOwn(replica.Term, EntryKind.Empty, default);
        leading.HeartbeatDueAt = replica.Now + replica.Options.HeartbeatMicros;
        leading.AppendsDue = true;
        OnDurable();
    }

    public ProposeResult Propose(EntryKind kind, ReadOnlyMemory<byte> payload, out LogIndex index)
    {
        index = default;
        if (replica.Leading is not { } leading)
        {
            return ProposeResult.NotLeader;
        }

        if (leading.IsTransferring)
        {
            return ProposeResult.Transferring;
        }

        long bytes = leading.UncommittedBytes + payload.Length;
        ulong entries = _log.LastIndex.Value - _log.HandedOut.Value;
        if ((leading.UncommittedBytes > 0 && bytes > replica.Options.MaxUncommittedBytes)
            || entries >= (ulong)replica.Options.MaxUncommittedEntries)
        {
            return ProposeResult.Overloaded;
        }

        leading.UncommittedBytes = bytes;
        index = _log.AppendOwn(replica.Term, kind, payload);
        leading.AppendsDue = true;
        Wake(leading);
        return ProposeResult.Ok;
    }

    public void OnAppendReply(in Message message)
    {
        if (Hear(message) is not { } member)
        {
            return;
        }

        member.OnEcho(message.SentAt, 0);
        if (message.Reject)
        {
            OnRefusal(member, message);
            return;
        }

        Invariant.Check(message.Index <= _log.LastIndex, "no peer acknowledges more than its leader's log");
        bool isNews = member.TryAdvance(message.Index);
        bool isProbeAnswer = member.State == ProgressState.Probe && message.Index == member.Match;
        if (isNews || isProbeAnswer)
        {
            OnProgress(member);
        }

        replica.Leading!.AppendsDue = true;
    }

    public void OnHeartbeatReply(in Message message)
    {
        if (Hear(message) is not { } member)
        {
            return;
        }

        member.OnEcho(message.SentAt, message.Context);
        member.ProbeSent = false;
        member.NudgeDue = member.State == ProgressState.Replicate && member.Match < _log.LastIndex;
        replica.Leading!.AppendsDue |= member.NudgeDue || member.State == ProgressState.Probe;
        reads.Confirm(replica.Leading!);
    }

    /// <summary>From ourselves (no asker) or from a follower or learner.</summary>
    public void ReadIndex(ReplicaId asker, ulong readId)
    {
        LeaderState leading = replica.Leading!;
        reads.Ask(leading, asker, readId);
        Wake(leading);
    }

    /// <summary>Our own log became durable: only now do we count ourselves.</summary>
    public void OnDurable()
    {
        if (replica.Leading?.Members.Find(replica.Self) is { } self && self.TryAdvance(_log.Durable))
        {
            self.BecomeReplicate();
            TryCommit();
        }
    }

    public void TryCommit()
    {
        LeaderState leading = replica.Leading!;
        var agreed = new LogIndex(leading.Members.Agreed(replica.Configuration, Matched));

        // Counting copies commits only entries of our own term; older ones follow with them (figure 8).
        if (agreed > _log.Commit && _log.Matches(agreed, replica.Term))
        {
            _log.TryCommitTo(agreed);
            leading.AppendsDue = true;
        }
    }

    public void Tick()
    {
        LeaderState leading = replica.Leading!;
        if (replica.IsAsleep)
        {
            return;
        }

        Touch(leading);
        ulong heardAt = leading.Members.Agreed(replica.Configuration, RepliedAt);
        if (replica.Now - (long)heardAt > replica.Options.ElectionTimeoutMicros)
        {
            replica.Note("lost-quorum");
            replica.BecomeFollower(replica.Term, ReplicaId.None);
            return;
        }

        transfer.Tick(leading);
        if (replica.Now >= leading.HeartbeatDueAt)
        {
            Beat(leading);
        }
    }

    /// <summary>Sends what has gathered since the last Ready: entries of many proposals in one message, and one read
    /// round for all reads that wait.</summary>
    public void Flush()
    {
        LeaderState leading = replica.Leading!;
        reads.Flush(leading);
        if (leading.AppendsDue)
        {
            replicator.SendAppends(leading);
        }
    }

    public bool HasWork => replica.Leading is { AppendsDue: true } || reads.HasWork;

    /// <summary>An idle group comes back: members get a full timeout to be heard again.</summary>
    public void Wake(LeaderState leading)
    {
        leading.IdleBeats = 0;
        if (!replica.IsAsleep)
        {
            return;
        }

        replica.IsAsleep = false;
        foreach (FollowerProgress member in leading.Members.Members)
        {
            member.LastReplyMicros = replica.Now;
        }

        replicator.SendHeartbeats(leading, sleep: false);
    }

    private void Beat(LeaderState leading)
    {
        bool isIdle = replica.Options.Quiesce && IsIdle(leading);
        leading.IdleBeats = isIdle ? leading.IdleBeats + 1 : 0;
        bool sleep = leading.IdleBeats > replica.Options.QuiesceAfterHeartbeats;
        replicator.SendHeartbeats(leading, sleep);
        replica.IsAsleep = sleep;
        if (sleep)
        {
            replica.Note("fell-asleep");
        }
    }

    private bool IsIdle(LeaderState leading)
    {
        foreach (FollowerProgress member in leading.Members.Members)
        {
            if (member.Match != _log.LastIndex)
            {
                return false;
            }
        }

        return _log.Applied == _log.LastIndex && leading.Reads.IsEmpty && !leading.IsTransferring
            && !replica.Configuration.IsJoint;
    }

    private FollowerProgress? Hear(in Message message)
    {
        FollowerProgress? member = replica.Leading?.Members.Find(message.From);
        if (member is not null)
        {
            member.LastReplyMicros = replica.Now;
        }

        return member;
    }

    private void OnRefusal(FollowerProgress member, in Message message)
    {
        bool hasNothing = message.Index.Value == 0 && member.State == ProgressState.Probe && member.Next.Value == 1;
        if (hasNothing)
        {
            // Even the empty log does not match: the peer waits for its first checkpoint.
            replicator.WantSnapshot(member);
            return;
        }

        LogIndex hint = message.RejectHint;
        if (message.LogTerm.Value > 0)
        {
            hint = _log.LastNotAfter(hint, message.LogTerm).Index;
        }

        if (member.TryBackOff(message.Index, hint))
        {
            replica.Leading!.AppendsDue = true;
        }
    }

    private void OnProgress(FollowerProgress member)
    {
        bool isBackInLog = member.State == ProgressState.Snapshot && member.Match.Next >= _log.FirstIndex;
        if (member.State == ProgressState.Probe || isBackInLog)
        {
            member.BecomeReplicate();
        }

        TryCommit();
        transfer.OnProgress(replica.Leading!, member);
    }

    // We always hear ourselves.
    private void Touch(LeaderState leading)
    {
        if (leading.Members.Find(replica.Self) is { } self)
        {
            self.LastReplyMicros = replica.Now;
        }
    }
}
