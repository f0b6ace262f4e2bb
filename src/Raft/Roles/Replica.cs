using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>State that all roles share, the rules of terms, and the changes of role.</summary>
internal sealed class Replica
{
    private readonly ulong? _electionTurn;
    private long _suspectedAt = long.MinValue;
    private SeededRandom _random;

    public Replica(RaftOptions options, RaftStart start, ILogReader log, ulong seed, long nowMicros)
    {
        Options = options;
        Self = start.Self;
        Configuration = start.Configuration;
        Term = start.HardState.Term;
        Vote = start.HardState.Vote;
        Now = nowMicros;
        Log = new RaftLog(log, start.Applied, start.HardState.Commit);
        Ledger = new PersistLedger(start.HardState);
        Outbox = new Outbox(Ledger, Log);
        _electionTurn = start.ElectionTurn;
        _random = new SeededRandom(seed);
        Forwarded = new ForwardedReads(options.MaxPendingReads, new SeededRandom(seed ^ (ulong)nowMicros).Next());
        GraceUntil = start.Restarted ? nowMicros + options.PromiseMicros : long.MinValue;
        ResetElectionTimer();
    }

    public RaftOptions Options { get; }

    public ReplicaId Self { get; }

    public RaftLog Log { get; }

    public PersistLedger Ledger { get; }

    public Outbox Outbox { get; }

    public ForwardedReads Forwarded { get; }

    public List<RaftEvent> Events { get; } = [];

    public List<ReadState> ReadResults { get; } = [];

    public List<ReplicaId> SnapshotsWanted { get; } = [];

    public VoteTally Tally { get; } = new();

    /// <summary>Membership as of the applied index: a change takes effect when it is applied.</summary>
    public Configuration Configuration { get; set; }

    public Term Term { get; private set; }

    public ReplicaId Vote { get; private set; }

    public RaftRole Role { get; private set; } = RaftRole.Follower;

    public ReplicaId Leader { get; private set; }

    /// <summary>Not null exactly while <see cref="Role"/> is leader.</summary>
    public LeaderState? Leading { get; private set; }

    /// <summary>Monotonic clock of the caller in microseconds; never runs backwards here.</summary>
    public long Now { get; private set; }

    public long ElectionDeadline { get; private set; }

    /// <summary>When a leader was last heard. Until one promise after it this replica helps nobody else to
    /// leadership, itself included: leases rest on it. Long.MinValue / 2 means never.</summary>
    public long HeardLeaderAt { get; private set; } = long.MinValue / 2;

    /// <summary>No vote before this: a promise of our previous process may still run.</summary>
    public long GraceUntil { get; }

    /// <summary>Newest heartbeat round heard from this term's leader; an older "campaign now" is stale.</summary>
    public ulong HeardRound { get; set; }

    /// <summary>Told to campaign while a membership change was committed but not applied: do it then.</summary>
    public bool CampaignWhenApplied { get; set; }

    public bool IsAsleep { get; set; }

    public bool IsVoter => MembershipRules.IsVoter(Configuration, Self);

    public bool IsBoundToLeader => Now < HeardLeaderAt + Options.PromiseMicros || Now < GraceUntil;

    public HardState HardState => new(Term, Vote, Log.Commit);

    public bool IsVoteDurable => Ledger.Durable.Term == Term && Ledger.Durable.Vote == Vote;

    public void Observe(long nowMicros) => Now = Math.Max(Now, nowMicros);

    /// <summary>Sends in our name and, unless the message says otherwise, in our term.</summary>
    public void Send(in Message message)
    {
        Term term = message.Term.Value == 0 ? Term : message.Term;
        Outbox.Send(message with { From = Self, Term = term }, HardState);
    }

    public void Note(string name, ReplicaId peer = default, LogIndex index = default) =>
        Events.Add(new RaftEvent(name, Term, peer, index));

    public void ResetElectionTimer()
    {
        long spread = Options.ElectionTimeoutMicros;
        int rank = Configuration.Voters.BinarySearch(Self);
        if (_electionTurn is not { } turn || rank < 0)
        {
            ElectionDeadline = Now + spread + _random.Below(spread);
            return;
        }

        // The middle half of the own part: the others are then free of their promise to the old leader, and the next
        // in turn is far enough behind. The term moves the turns on, so that nobody is first for ever.
        int voters = Configuration.Voters.Length;
        long part = spread / voters;
        long place = (long)((turn + Term.Value + (ulong)rank) % (ulong)voters);
        ElectionDeadline = Now + spread + (place * part) + (part / 4) + _random.Below(Math.Max(1, part / 2));
    }

    /// <summary>The leader's node is gone, as the caller knows from elsewhere: no need to wait for longer than all are
    /// bound to it. In turn, as after a silence, so that not all stand at once.</summary>
    public void SuspectLeader()
    {
        int rank = Configuration.Voters.BinarySearch(Self);
        if (Role != RaftRole.Follower || Leader.IsNone || _suspectedAt == HeardLeaderAt || rank < 0)
        {
            return;
        }

        // A heartbeat more: the others may have heard the leader after us, and are bound for longer.
        _suspectedAt = HeardLeaderAt;
        StandFrom(Math.Max(Now, HeardLeaderAt + Options.PromiseMicros + Options.HeartbeatMicros), rank);
    }

    /// <summary>A pre-vote was lost while the leader's node is gone: somebody was still bound to it. Whoever has the
    /// longest log must try again soon, for nobody else can win.</summary>
    public void OnPreVoteLost()
    {
        int rank = Configuration.Voters.BinarySearch(Self);
        if (_suspectedAt == HeardLeaderAt && rank >= 0)
        {
            StandFrom(Now + (2 * Options.HeartbeatMicros), rank);
        }
    }

    private void StandFrom(long start, int rank)
    {
        int voters = Configuration.Voters.Length;
        long part = Options.PromiseMicros / voters;
        long place = (long)((Term.Value + (ulong)rank) % (ulong)voters);
        long standsAt = start + (place * part) + _random.Below(Math.Max(1, part / 2));
        ElectionDeadline = Math.Min(ElectionDeadline, standsAt);
    }

    public void HearLeader(ReplicaId leader)
    {
        Invariant.Check(Role != RaftRole.Leader, "a term has only one leader");
        Invariant.Check(Leader.IsNone || Leader == leader, "a term's leader does not change");
        Leader = leader;
        HeardLeaderAt = Now;
        ResetElectionTimer();
    }

    public void GrantVote(ReplicaId candidate)
    {
        Vote = candidate;
        ResetElectionTimer();
    }

    public void BecomeFollower(Term term, ReplicaId leader)
    {
        Invariant.Check(term >= Term, "terms only grow");
        bool isNews = Role != RaftRole.Follower || term > Term || leader != Leader;
        EndRole();
        if (term > Term)
        {
            Term = term;
            Vote = ReplicaId.None;
        }

        Role = RaftRole.Follower;
        Leader = leader;
        ResetElectionTimer();
        if (isNews)
        {
            Note("became-follower", leader);
        }
    }

    /// <summary>Asks whether an election could be won, without disturbing anyone's term.</summary>
    public void BecomePreCandidate()
    {
        EndRole();
        Role = RaftRole.PreCandidate;
        Leader = ReplicaId.None;
        Tally.Clear();
        Tally.Record(Self, true);
        ResetElectionTimer();
        Note("became-pre-candidate");
    }

    /// <summary>Our own vote counts only when it is durable.</summary>
    public void BecomeCandidate()
    {
        EndRole();
        Role = RaftRole.Candidate;
        Term = Term.Next;
        Vote = Self;
        Leader = ReplicaId.None;
        Tally.Clear();
        ResetElectionTimer();
        Note("became-candidate");
    }

    public LeaderState BecomeLeader()
    {
        Invariant.Check(Role == RaftRole.Candidate && IsVoteDurable, "only an elected candidate leads");
        EndRole();
        Role = RaftRole.Leader;
        Leader = Self;
        Leading = new LeaderState(Options);
        Note("became-leader", Self, Log.LastIndex);
        return Leading;
    }

    // Reads that wait on the old role can never be answered by it: they end, and the caller asks again.
    private void EndRole()
    {
        Leading?.Reads.EndAll(ReadResults);
        Leading = null;
        Forwarded.EndAll(ReadResults);
        SnapshotsWanted.Clear();
        HeardRound = 0;
        CampaignWhenApplied = false;
        IsAsleep = false;
    }
}
