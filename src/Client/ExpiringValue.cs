namespace ShardStore.Client;

/// <summary>A value, and how long it lives. Bytes and text convert by themselves, to a value for ever.</summary>
/// <param name="Value">The value.</param>
/// <param name="TimeToLive">From the moment the cluster applies it, at least one millisecond; null = for ever.</param>
public readonly record struct ExpiringValue(KvBytes Value, TimeSpan? TimeToLive = null)
{
    /// <summary>A value for ever.</summary>
    public static implicit operator ExpiringValue(KvBytes value) => new(value);

    /// <summary>A text for ever.</summary>
    public static implicit operator ExpiringValue(string text) => new(text);

    /// <summary>Bytes for ever.</summary>
    public static implicit operator ExpiringValue(byte[] bytes) => new(bytes);
}
