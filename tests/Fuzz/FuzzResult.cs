namespace ShardStore.Fuzz;

/// <summary>What came of one target. <paramref name="First"/>: number of the first input.</summary>
internal sealed record FuzzResult(string Target, long First)
{
    public long Inputs { get; init; }

    /// <summary>Of them, those that the reader took.</summary>
    public long Accepted { get; init; }

    public double Seconds { get; init; }

    /// <summary>Null when all was well.</summary>
    public string? Failure { get; init; }

    public override string ToString() => Failure ?? FormattableString.Invariant(
        $"{Target,-12} {Inputs,12:N0} inputs from {First}, {Accepted,12:N0} accepted, {Seconds,6:F1} s, 0 failed");
}
