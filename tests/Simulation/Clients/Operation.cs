namespace ShardStore.Simulation.Clients;

/// <summary><see cref="Expire"/> is not asked for by a client: the time of the value is over.</summary>
public enum OperationKind { Get, Set, Delete, CompareAndSet, Increment, Expire }

/// <summary>What a client asked of one key and what it heard. Values are unique, so a result tells which write it
/// saw.</summary>
public sealed record Operation
{
    public required string Key { get; init; }
    public required OperationKind Kind { get; init; }

    /// <summary>What a write puts there.</summary>
    public string? Value { get; init; }

    /// <summary>What a compare-and-set believes to be there: a value, and the version it came with.</summary>
    public string? Expected { get; init; }
    public string ExpectedVersion { get; init; } = "0";

    /// <summary>How long the value lives; 0 = for ever. Unit: ms.</summary>
    public long LifeMs { get; init; }

    /// <summary>Sent with an identity, and again with the same until it is answered.</summary>
    public ulong OnceNumber { get; init; }

    public bool FromReplica { get; init; }

    public long CalledAt { get; set; }

    /// <summary>When its end was heard; the far future while that is not known.</summary>
    public long ReturnedAt { get; set; } = long.MaxValue;

    /// <summary>The value read; for deletes "1" or "0"; for compare-and-set "ok" or "no"; for increments the new
    /// number.</summary>
    public string? Result { get; set; }

    /// <summary>Where it was sent first, and who held its shard then.</summary>
    public int FirstNode { get; set; }
    public IReadOnlyList<ulong> FirstReplicas { get; set; } = [];

    /// <summary>The end of the value this write brings, at any time from <paramref name="stamp"/> on, or never: another
    /// write may come first.</summary>
    public Operation Expiry(long stamp) =>
        new() { Key = Key, Kind = OperationKind.Expire, Expected = Value, CalledAt = stamp };

    public bool IsKnown => ReturnedAt != long.MaxValue;

    public override string ToString() =>
        $"[{CalledAt}..{(IsKnown ? ReturnedAt : "?")}] {Kind} {Key} {Expected}"
        + $"{(Kind == OperationKind.CompareAndSet ? "→" : "")}{Value} = "
        + $"{(IsKnown ? Result ?? "nothing" : "?")}{(FromReplica ? " (replica)" : "")}";
}
