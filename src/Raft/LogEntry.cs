namespace ShardStore.Raft;

/// <summary>What an entry means to the core. The values are on disk and on the wire: never renumber.</summary>
public enum EntryKind : byte
{
    /// <summary>Bytes of the state machine above.</summary>
    Command = 1,
    /// <summary>A leader's first entry of its term: no payload, makes older entries committable (Raft
    /// §5.4.2).</summary>
    Empty = 2,
    /// <summary>An encoded <see cref="MembershipChange"/>, applied by the core itself.</summary>
    Membership = 3,
}

/// <summary>One entry of a group's log.</summary>
public readonly record struct LogEntry(LogIndex Index, Term Term, EntryKind Kind, ReadOnlyMemory<byte> Payload);
