namespace ShardStore.Client;

/// <summary>What a scan returns, and in what portions.</summary>
public readonly record struct ScanOptions
{
    /// <summary>A glob pattern that keys must match, as in <c>user:*</c>; null for all keys.</summary>
    public string? Pattern { get; init; }

    /// <summary>Keys the server looks at per round trip, 1 to 1,000,000. 0 means the default, 1000: small enough to
    /// hold up no other request for long.</summary>
    public int PageSize { get; init; }
}
