namespace ShardStore.Simulation.Clients;

public enum OperationKind { Get, Set, Delete, CompareAndSet, Increment }

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

    /// <summary>Sent with an identity, and again with the same until it is answered.</summary>
    public ulong OnceNumber { get; init; }

    public bool FromReplica { get; init; }

    public long CalledAt { get; set; }

    /// <summary>When its end was heard; the far future while that is not known.</summary>
    public long ReturnedAt { get; set; } = long.MaxValue;

    /// <summary>The value read; for deletes "1" or "0"; for compare-and-set "ok" or "no"; for increments the new
    /// number.</summary>
    public string? Result { get; set; }

    public bool IsKnown => ReturnedAt != long.MaxValue;

    public override string ToString() =>
        $"[{CalledAt}..{(IsKnown ? ReturnedAt : "?")}] {Kind} {Key} {Expected}"
        + $"{(Kind == OperationKind.CompareAndSet ? "→" : "")}{Value} = "
        + $"{(IsKnown ? Result ?? "nothing" : "?")}{(FromReplica ? " (replica)" : "")}";
}
