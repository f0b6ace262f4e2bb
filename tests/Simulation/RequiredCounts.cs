namespace ShardStore.Simulation;

/// <summary>What every long enough set of seeds must have seen: a path that was never taken proves nothing.</summary>
public static class RequiredCounts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "fault: crash", "fault: all crash", "fault: partition", "fault: one way", "fault: broken connection",
        "fault: clog", "fault: pause", "fault: slow disk", "fault: failed sync", "fault: wall clock jump",
        "fault: stall in a turn", "fault: lossy network", "fault: torn commit", "fault: power lost",
        "fault: process killed", "fault: planned stop", "fault: late answers", "fault: reply lost",
        "fault: frame of an old connection", "fault: frame twice",
        "fault: edge of a lease", "fault: restart inside a lease", "fault: leader alone as its lease ends",
        "fault: figure 8", "fault: figure 8 played", "fault: leader cut off as it answers", "new leaders asked",
        "fault: full disk", "damage: bits flipped", "damage: files made unreadable", "damage: refused",
        "damage: replaced before it was read", "damage: found while running", "damage: repaired while running",
        "damage: met by a write",
        "damage: stores replaced", "damage: stores replaced and brought up to date from the own log",
        "fault: crash in an installation", "fault: crash in an installation over a cut log",
        "fault: slow disk of a leader",
        "fault: deaf in a handover", "fault: late word in a handover",
        "died in a write", "died in a sync", "died in a change of files or blobs",
        "sectors lost", "sectors torn",
        "elections won", "old leader beside a new one", "old leaders asked", "leases held",
        "meta leader changed during a move",
        "log bytes moved", "entries read from disk", "checkpoints", "snapshots installed",
        "replica moves asked", "replica moves done", "replica moves failed",
        "leader transfers asked", "leader transfers done", "cancels asked",
        "reads at a leader", "reads at a follower", "reads at a learner", "reads met a leader without a lease",
        "redirects", "unknown outcomes", "writes sent again", "repeats answered from the session",
        "repeats met at another node", "repeats met at a replica that moved in",
        "keys expired",
    ];
}
