namespace ShardStore.Client;

/// <summary>When a set takes effect.</summary>
public enum SetCondition
{
    /// <summary>Always.</summary>
    Always,

    /// <summary>Only when the key does not exist.</summary>
    IfAbsent,

    /// <summary>Only when the key exists.</summary>
    IfPresent,
}
