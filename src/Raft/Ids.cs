namespace ShardStore.Raft;

/// <summary>One replica of one group; never reused, so a replaced replica cannot be taken for its predecessor.
/// The core only compares ids; the node puts its own number into the low 16 bits. 0 means "none".</summary>
public readonly record struct ReplicaId(ulong Value) : IComparable<ReplicaId>
{
    public static readonly ReplicaId None;
    public bool IsNone => Value == 0;
    public int CompareTo(ReplicaId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
    public static bool operator <(ReplicaId left, ReplicaId right) => left.Value < right.Value;
    public static bool operator >(ReplicaId left, ReplicaId right) => left.Value > right.Value;
    public static bool operator <=(ReplicaId left, ReplicaId right) => left.Value <= right.Value;
    public static bool operator >=(ReplicaId left, ReplicaId right) => left.Value >= right.Value;
}

/// <summary>An election term. Terms only grow; each has at most one leader.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    public Term Next => new(Value + 1);
    public int CompareTo(Term other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
    public static bool operator <(Term left, Term right) => left.Value < right.Value;
    public static bool operator >(Term left, Term right) => left.Value > right.Value;
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;
}

/// <summary>A place in a group's log. The first entry has index 1; 0 is the empty log.</summary>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    public LogIndex Next => new(Value + 1);
    public LogIndex Previous => new(Value - 1);
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;
}
