namespace ShardStore.Raft;

/// <summary>One replica of one group, after "In search of an understandable consensus algorithm" and Ongaro's thesis.
/// Pure: events come in by method calls, everything to be done comes out of <see cref="TakeReady"/>. Time is the
/// caller's monotonic clock in microseconds; randomness is the seed. One thread at a time. It does no compaction, no
/// batching across groups and no transport: those are the caller's.</summary>
public sealed class RaftNode
{
    private readonly Replica _replica;
    private readonly Voter _voter;
    private readonly Follower _follower;
    private readonly Candidate _candidate;
    private readonly Leader _leader;
    private readonly Replicator _replicator;
    private readonly LeadershipTransfer _transfer;
    private readonly MembershipDriver _membership;
    private readonly TermGate _gate;
    private readonly ReadyBuilder _readies;
    private readonly SnapshotReceiver _snapshots;

    public RaftNode(RaftOptions options, RaftStart start, ILogReader log, ulong seed, long nowMicros)
    {
        options.Validate();
        string? fault = MembershipRules.FaultIn(start.Configuration)
            ?? (start.Self.IsNone || nowMicros < 0 ? "id and time must be set" : null);
        if (fault is not null)
        {
            throw new ArgumentException($"replica {start.Self} at {nowMicros} us: {fault}");
        }

        _replica = new Replica(options, start, log, seed, nowMicros);
        _replicator = new Replicator(_replica);
        _transfer = new LeadershipTransfer(_replica, _replicator);
        _leader = new Leader(_replica, _replicator, _transfer, new LeaderReads(_replica, _replicator));
        _candidate = new Candidate(_replica, _leader);
        _follower = new Follower(_replica, _candidate);
        _voter = new Voter(_replica);
        _membership = new MembershipDriver(_replica, _leader, _replicator, _transfer);
        _gate = new TermGate(_replica);
        _readies = new ReadyBuilder(_replica, _membership);
        _snapshots = new SnapshotReceiver(_replica, _membership, _readies);
        if (start.CampaignAtOnce && !start.Restarted)
        {
            Campaign(nowMicros);
        }
    }

    public RaftRole Role => _replica.Role;

    public Term Term => _replica.Term;

    /// <summary>This term's leader as far as known; 0 when none is.</summary>
    public ReplicaId Leader => _replica.Leader;

    public ReplicaId Self => _replica.Self;

    public LogIndex Commit => _replica.Log.Commit;

    public LogIndex AppliedIndex => _replica.Log.Applied;

    public LogIndex LastIndex => _replica.Log.LastIndex;

    public LogIndex FirstIndex => _replica.Log.FirstIndex;

    /// <summary>Membership as of <see cref="AppliedIndex"/>.</summary>
    public Configuration Configuration => _replica.Configuration;

    public bool IsTransferring => _replica.Leading is { IsTransferring: true };

    /// <summary>True while an idle group sends nothing (only with <see cref="RaftOptions.Quiesce"/>).</summary>
    public bool IsAsleep => _replica.IsAsleep;

    public bool HasReady => _readies.HasAny || _replica.Forwarded.HasWaiting || _leader.HasWork;

    /// <summary>Where a checkpoint taken of the applied state stands.</summary>
    public SnapshotPoint AppliedPoint()
    {
        Invariant.Check(_replica.Log.TryGetTerm(AppliedIndex, out Term term), "the applied index's term is known");
        return new SnapshotPoint(AppliedIndex, term, Configuration);
    }

    public bool TryGetTerm(LogIndex index, out Term term) => _replica.Log.TryGetTerm(index, out term);

    public void Step(in Message message, long nowMicros)
    {
        _replica.Observe(nowMicros);
        if (_gate.Admit(message))
        {
            Dispatch(message);
        }

        if (message.Type == MessageType.PreVote && _replica.Leading is { } leading)
        {
            // Someone misses the beat of a leader that is only asleep.
            _leader.Wake(leading);
        }

        CheckInvariants();
    }

    /// <summary>Call every 10 to 50 ms. How often does not matter to safety: all spans are of the clock.</summary>
    public void Tick(long nowMicros)
    {
        _replica.Observe(nowMicros);
        _readies.Settle();
        if (_replica.Role == RaftRole.Leader)
        {
            _leader.Tick();
            _membership.TryLeaveJoint();
        }
        else
        {
            _follower.Tick();
        }
    }

    public ProposeResult Propose(ReadOnlyMemory<byte> payload, out LogIndex index) =>
        _leader.Propose(EntryKind.Command, payload, out index);

    public ProposeResult ProposeMembership(MembershipChange change, out LogIndex index) =>
        _membership.Propose(change, out index);

    /// <summary>Asks for an index that makes a read linearizable; the answer comes in <see cref="Ready.Reads"/>. Works
    /// on a leader, and on a follower or learner that knows its leader.</summary>
    public void ReadIndex(ulong readId, long nowMicros)
    {
        _replica.Observe(nowMicros);
        if (_replica.Role == RaftRole.Leader)
        {
            _leader.ReadIndex(ReplicaId.None, readId);
        }
        else
        {
            _follower.ReadIndex(readId);
        }
    }

    /// <summary>True while this leader may answer reads from its applied state without asking anyone. Check it after
    /// the value is read, and read only once what was committed when the request came is applied: a follower may
    /// have shown that already.</summary>
    public bool HoldsLease(long nowMicros)
    {
        _replica.Observe(nowMicros);
        return LeaderLease.Holds(_replica, _replica.Now);
    }

    /// <summary>No lease is held and no proposal taken until the transfer ends, by success or timeout.</summary>
    public void TransferLeadership(ReplicaId to, long nowMicros)
    {
        _replica.Observe(nowMicros);
        if (_replica.Leading is { } leading)
        {
            _leader.Wake(leading);
            _transfer.Begin(leading, to);
        }
    }

    /// <summary>Campaigns now, pre-vote first; ignored while this replica is bound to a leader it heard.</summary>
    public void Campaign(long nowMicros)
    {
        _replica.Observe(nowMicros);
        _replica.IsAsleep = false;
        _candidate.TryCampaign(force: false);
    }

    /// <summary>The node of <see cref="Leader"/> cannot be reached. Shortens the wait for an election to what leases
    /// allow; a leader that others still hear is not disturbed.</summary>
    public void SuspectLeader(long nowMicros)
    {
        _replica.Observe(nowMicros);
        _replica.SuspectLeader();
    }

    /// <summary>Ends the sleep of an idle group; needed on every replica when the leader's node may be gone.</summary>
    public void Wake(long nowMicros)
    {
        _replica.Observe(nowMicros);
        if (_replica.Leading is { } leading)
        {
            _leader.Wake(leading);
        }
        else if (_replica.IsAsleep)
        {
            _replica.IsAsleep = false;
            _replica.ResetElectionTimer();
        }
    }

    public Ready TakeReady()
    {
        if (_replica.Role == RaftRole.Leader)
        {
            _leader.Flush();
        }
        else
        {
            _follower.Flush();
        }

        return _readies.Build();
    }

    /// <summary>Everything in this Ready and all before it is on stable storage.</summary>
    public void Persisted(ulong readyNumber)
    {
        _readies.OnPersisted(readyNumber);
        _leader.OnDurable();
        if (_replica.Role == RaftRole.Candidate && _replica.IsVoteDurable)
        {
            _candidate.OnVoteDurable();
        }

        TryDeferredCampaign();
        CheckInvariants();
    }

    /// <summary>The state machine holds everything up to an index.</summary>
    public void Applied(LogIndex index)
    {
        _replica.Log.MarkApplied(index);
        _membership.OnApplied();
        TryDeferredCampaign();
        CheckInvariants();
    }

    /// <summary>The caller has made a checkpoint durable. True: it is the applied state from now on, and the next Ready
    /// restarts the log from it. False: it is of no use, so the caller drops it and keeps its state.</summary>
    public bool InstallSnapshot(SnapshotPoint point, long nowMicros)
    {
        _replica.Observe(nowMicros);
        bool isInstalled = _snapshots.TryInstall(point);
        CheckInvariants();
        return isInstalled;
    }

    /// <summary>Streaming a checkpoint that ends at <paramref name="index"/> to a peer has ended.</summary>
    public void ReportSnapshot(ReplicaId to, LogIndex index, bool sent)
    {
        if (_replica.Leading?.Members.Find(to) is { } member)
        {
            Replicator.ReportSnapshot(member, index, sent);
        }
    }

    /// <summary>Messages to a peer are being lost: stop streaming to it and probe.</summary>
    public void ReportUnreachable(ReplicaId peer)
    {
        if (_replica.Leading?.Members.Find(peer) is { State: ProgressState.Replicate } member && peer != Self)
        {
            member.BecomeProbe(member.Match.Next);
        }
    }

    /// <summary>Every member as this leader sees it, in id order; nothing when this replica does not lead.</summary>
    public void CopyProgress(List<PeerProgress> into)
    {
        if (_replica.Leading is { } leading)
        {
            foreach (FollowerProgress member in leading.Members.Members)
            {
                into.Add(member.View);
            }
        }
    }

    public bool TryGetProgress(ReplicaId peer, out PeerProgress progress)
    {
        FollowerProgress? member = _replica.Leading?.Members.Find(peer);
        progress = member?.View ?? default;
        return member is not null;
    }

    private void Dispatch(in Message message)
    {
        switch (message.Type)
        {
            case MessageType.Append: _follower.OnAppend(message); break;
            case MessageType.Heartbeat: _follower.OnHeartbeat(message); break;
            case MessageType.TimeoutNow: _follower.OnTimeoutNow(message); break;
            case MessageType.ReadIndexReply: _follower.OnReadIndexReply(message); break;
            case MessageType.PreVote: _voter.OnPreVote(message); break;
            case MessageType.Vote: _voter.OnVote(message); break;
            case MessageType.PreVoteReply: _candidate.OnPreVoteReply(message); break;
            case MessageType.VoteReply: _candidate.OnVoteReply(message); break;
            case MessageType.AppendReply: _leader.OnAppendReply(message); break;
            case MessageType.HeartbeatReply: _leader.OnHeartbeatReply(message); break;
            case MessageType.ReadIndex: OnReadIndex(message); break;
            default: _replica.Note("dropped-unknown-type", message.From); break;
        }
    }

    private void OnReadIndex(in Message message)
    {
        if (_replica.Role == RaftRole.Leader)
        {
            _leader.ReadIndex(message.From, message.Context);
        }
    }

    private void TryDeferredCampaign()
    {
        if (_replica.CampaignWhenApplied)
        {
            _replica.CampaignWhenApplied = !_candidate.TryCampaign(force: true);
        }
    }

    private void CheckInvariants()
    {
        RaftLog log = _replica.Log;
        Invariant.Check(log.Applied <= log.HandedOut && log.HandedOut <= log.Commit, "applied <= handed out <= commit");
        Invariant.Check(log.Commit <= log.LastIndex && log.Durable <= log.LastIndex, "commit and durable <= last");
        Invariant.Check((_replica.Leading is not null) == (Role == RaftRole.Leader), "leader state only while leading");
    }
}
