namespace ShardStore.Raft;

public enum RaftRole : byte { Follower = 1, PreCandidate = 2, Candidate = 3, Leader = 4 }

/// <summary>Where a checkpoint stands in the log, and the membership in force there.</summary>
public sealed record SnapshotPoint(LogIndex Index, Term Term, Configuration Configuration);

/// <summary>A read may be served once everything up to <paramref name="Index"/> is applied;
/// <paramref name="Served"/> false means it must be asked again or refused.</summary>
public readonly record struct ReadState(ulong ReadId, LogIndex Index, bool Served);

/// <summary>Numbered work for the caller. Order: send <see cref="SendNow"/>; make <see cref="SnapshotBase"/>,
/// <see cref="Entries"/> and <see cref="HardState"/> durable; then send <see cref="SendAfterPersist"/> and call
/// <c>Persisted(Number)</c>. <see cref="Committed"/> may be applied at once: it only holds entries that are already
/// durable here. Several may be outstanding; <c>Persisted(n)</c> covers all up to n. Its lists are owned by the
/// caller until <c>Persisted</c> of it.</summary>
public sealed class Ready
{
    public ulong Number { get; set; }
    public HardState? HardState { get; set; }
    public SnapshotPoint? SnapshotBase { get; set; }
    public List<LogEntry> Entries { get; } = [];
    public List<Message> SendNow { get; } = [];
    public List<Message> SendAfterPersist { get; } = [];
    public List<LogEntry> Committed { get; } = [];
    public List<ReadState> Reads { get; } = [];

    /// <summary>Followers and learners that need a checkpoint, because the log no longer reaches back to them.
    /// Each is named once until <c>ReportSnapshot</c> says how it went.</summary>
    public List<ReplicaId> SnapshotsWanted { get; } = [];

    public List<RaftEvent> Events { get; } = [];

    /// <summary>True when something must be made durable before <see cref="SendAfterPersist"/> may leave.</summary>
    public bool MustPersist => HardState is not null || SnapshotBase is not null || Entries.Count > 0;
}

/// <summary>A trace event for the caller to log; the core itself has no logger.</summary>
public readonly record struct RaftEvent(string Name, Term Term, ReplicaId Peer, LogIndex Index);
