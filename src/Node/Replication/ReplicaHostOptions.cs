using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>Settings of the replicas of one node.</summary>
public sealed record ReplicaHostOptions
{
    /// <summary>This node's number: the low 16 bits of its replica ids.</summary>
    public required int Node { get; init; }

    public RaftOptions Raft { get; init; } = new();

    /// <summary>Seed of everything random in the groups (election jitter).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How often groups look at the clock. Unit: ms. Default 20: a fifth of a heartbeat.</summary>
    public int TickMs { get; init; } = 20;

    /// <summary>Applied bytes after which a shard is checkpointed. Default 64 MiB: a restart replays at most that
    /// much a shard.</summary>
    public long CheckpointBytes { get; init; } = 64L << 20;

    /// <summary>The same in entries, for many small ones. Default 100,000.</summary>
    public long CheckpointEntries { get; init; } = 100_000;

    /// <summary>Checkpoints under way at the same time. Default 2: they share one disk.</summary>
    public int CheckpointsMax { get; init; } = 2;

    /// <summary>Entries kept behind a checkpoint for followers that were away for a moment. Default 2,000.</summary>
    public ulong LogTailEntries { get; init; } = 2_000;

    /// <summary>Log a leader keeps beyond that for a follower that answers but is behind, as one that is just being
    /// sent a checkpoint. Unit: bytes a group. Default 256 MiB, then the follower needs a checkpoint.</summary>
    public long LogHeldBytesMax { get; init; } = 256L << 20;

    /// <summary>Longest a request waits for a leader or a switch before it is refused. Unit: ms. Default 2,500: an
    /// election at default settings ends within it.</summary>
    public int HoldMsMax { get; init; } = 2_500;

    /// <summary>Requests held at the same time; beyond it they are refused at once. Default 50,000.</summary>
    public int HeldMax { get; init; } = 50_000;

    /// <summary>Longest a proposal waits for its entry before its caller is told that the outcome is unknown.
    /// Unit: ms. Default 10,000.</summary>
    public int ProposalMsMax { get; init; } = 10_000;

    /// <summary>Expired keys deleted by one entry. Default 1,000, looked for every tenth of a second.</summary>
    public int ExpiredKeysMax { get; init; } = 1_000;

    /// <summary>Largest command that is taken. Default 30 MiB: it must fit into one peer message.</summary>
    public int CommandBytesMax { get; init; } = 30 << 20;

    /// <summary>Client writes that share one entry. Defaults 2,048 and 1 MiB.</summary>
    public int EntryCommandsMax { get; init; } = 2_048;
    public int EntryBytesMax { get; init; } = 1 << 20;

    /// <summary>How fast checkpoints and log are read again to find what was damaged at rest. Unit: bytes a second; 0 =
    /// not at all. Default 4 MiB/s.</summary>
    public long ScrubBytesPerSecond { get; init; } = 4L << 20;

    /// <summary>A pass over less takes as long as one over that much, so that little data is not read over and over.
    /// Unit: bytes. Default 240 MiB: a minute at the default rate.</summary>
    public long ScrubPassBytesMin { get; init; } = 240L << 20;

    /// <summary>Snapshot and migration bytes a second a node may send. Default 256 MiB/s.</summary>
    public long SnapshotBytesPerSecondMax { get; init; } = 256L << 20;
}
