namespace ShardStore.Client;

/// <summary>How to set a key. The default sets it always and for ever.</summary>
public readonly record struct SetOptions
{
    /// <summary>How long the key lives, from the moment the cluster applies the write. Whole milliseconds, at least
    /// one; null = for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>True: a key that has an end keeps it. Not together with <see cref="TimeToLive"/>.</summary>
    public bool KeepTimeToLive { get; init; }

    /// <summary>When it takes effect.</summary>
    public SetCondition Condition { get; init; }
}
