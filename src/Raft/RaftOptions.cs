namespace ShardStore.Raft;

/// <summary>Every bound and interval of the core, validated once when a replica starts.</summary>
public sealed record RaftOptions
{
    /// <summary>Longest silence from the leader before an election; each wait is drawn from 1x to 2x of it.
    /// Unit: milliseconds. Default 1000: ten heartbeats may be lost. Range 10-600000, and at least twice
    /// <see cref="HeartbeatMs"/>.</summary>
    public int ElectionTimeoutMs { get; init; } = 1000;

    /// <summary>How long a replica that heard a leader refuses to help another one; leases are shorter than it. A
    /// leader whose node is known to be gone is replaced after it already. The same on all nodes.
    /// Unit: milliseconds. Default 0: the election timeout. Else from twice <see cref="HeartbeatMs"/> to the
    /// election timeout.</summary>
    public int PromiseMs { get; init; }

    /// <summary>Leader's beat. Unit: milliseconds. Default 100. Range 1-60000.</summary>
    public int HeartbeatMs { get; init; } = 100;

    /// <summary>How much shorter than the promise a lease is, to cover clocks that run at different rates.
    /// Unit: percent. Default 10: far beyond the drift of real clocks, little cost. Range 1-90.</summary>
    public int LeaseDriftPercent { get; init; } = 10;

    /// <summary>Append messages to one peer without an answer. Unit: messages. Default 64. Range 1-4096.</summary>
    public int MaxInflightMessages { get; init; } = 64;

    /// <summary>Entry bytes to one peer without an answer; one message may go beyond it. Unit: bytes. Default 4 MiB:
    /// a gigabit link at 30 ms. Range 1-1 GiB.</summary>
    public long MaxInflightBytes { get; init; } = 4L << 20;

    /// <summary>Entry bytes in one append message; a single bigger entry still goes alone. Unit: bytes.
    /// Default 256 KiB: does not hold up other groups on the same connection. Range 0-64 MiB.</summary>
    public int MaxAppendBytes { get; init; } = 256 << 10;

    /// <summary>Proposed bytes that were not yet handed out for apply; beyond it proposals are Overloaded. One entry
    /// is always let in. Unit: bytes. Default 64 MiB. Range 1-4 GiB.</summary>
    public long MaxUncommittedBytes { get; init; } = 64L << 20;

    /// <summary>The same bound counted in entries. Unit: entries. Default 65536. Range 1-16777216.</summary>
    public int MaxUncommittedEntries { get; init; } = 65536;

    /// <summary>Entry bytes handed out for apply in one Ready; at least one entry. Unit: bytes. Default 4 MiB.
    /// Range 0-1 GiB.</summary>
    public long MaxCommittedBytes { get; init; } = 4L << 20;

    /// <summary>Reads waiting for a read index; beyond it they end unserved. Unit: reads. Default 16384.
    /// Range 1-1048576.</summary>
    public int MaxPendingReads { get; init; } = 16384;

    /// <summary>Lets an idle group stop its heartbeats. No lease is held while asleep, and the caller must call
    /// <see cref="RaftNode.Wake"/> on every replica when the leader's node is lost. Default off.</summary>
    public bool Quiesce { get; init; }

    /// <summary>Idle heartbeat intervals before a group falls asleep. Unit: heartbeats. Default 30. Range 1-100000.
    /// </summary>
    public int QuiesceAfterHeartbeats { get; init; } = 30;

    internal long ElectionTimeoutMicros => ElectionTimeoutMs * 1000L;

    internal long HeartbeatMicros => HeartbeatMs * 1000L;

    internal long PromiseMicros => PromiseMs == 0 ? ElectionTimeoutMicros : PromiseMs * 1000L;

    internal long LeaseMicros => PromiseMicros * (100 - LeaseDriftPercent) / 100;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> naming the option, its value and what is allowed.
    /// </summary>
    public void Validate()
    {
        Require(nameof(ElectionTimeoutMs), ElectionTimeoutMs, 10, 600_000);
        Require(nameof(HeartbeatMs), HeartbeatMs, 1, 60_000);
        Require(nameof(ElectionTimeoutMs), ElectionTimeoutMs, 2L * HeartbeatMs, 600_000);
        if (PromiseMs != 0)
        {
            Require(nameof(PromiseMs), PromiseMs, 2L * HeartbeatMs, ElectionTimeoutMs);
        }

        Require(nameof(LeaseDriftPercent), LeaseDriftPercent, 1, 90);
        Require(nameof(MaxInflightMessages), MaxInflightMessages, 1, 4096);
        Require(nameof(MaxInflightBytes), MaxInflightBytes, 1, 1L << 30);
        Require(nameof(MaxAppendBytes), MaxAppendBytes, 0, 64 << 20);
        Require(nameof(MaxUncommittedBytes), MaxUncommittedBytes, 1, 4L << 30);
        Require(nameof(MaxUncommittedEntries), MaxUncommittedEntries, 1, 16_777_216);
        Require(nameof(MaxCommittedBytes), MaxCommittedBytes, 0, 1L << 30);
        Require(nameof(MaxPendingReads), MaxPendingReads, 1, 1_048_576);
        Require(nameof(QuiesceAfterHeartbeats), QuiesceAfterHeartbeats, 1, 100_000);
    }

    private static void Require(string option, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed is {least} to {most}");
        }
    }
}
