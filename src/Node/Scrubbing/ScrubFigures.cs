namespace ShardStore.Node.Scrubbing;

/// <summary>What the scrub has done since the node started.</summary>
public readonly record struct ScrubFigures
{
    public long BytesRead { get; init; }

    /// <summary>Passes over all that lies at rest.</summary>
    public long Passes { get; init; }

    /// <summary>Since the last whole pass ended, or since the start when none has. Unit: ms.</summary>
    public long PassAgeMs { get; init; }

    /// <summary>Stores and log segments found damaged, by whoever read them.</summary>
    public long Found { get; init; }

    /// <summary>Of those, replaced or given up with all that was live in them saved.</summary>
    public long Repaired { get; init; }

    /// <summary>Damaged now.</summary>
    public int Open { get; init; }
}
