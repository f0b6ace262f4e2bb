namespace ShardStore.Node.Commands;

/// <summary>What COMMAND says about a command, and what the dispatcher decides by.</summary>
[Flags]
public enum CommandFlags
{
    None = 0,
    Write = 1 << 0,
    ReadOnly = 1 << 1,
    DenyOutOfMemory = 1 << 2,
    Admin = 1 << 3,
    PubSub = 1 << 4,
    NoScript = 1 << 5,
    Loading = 1 << 6,
    Stale = 1 << 7,
    Fast = 1 << 8,
    /// <summary>Allowed before AUTH.</summary>
    NoAuthentication = 1 << 9,
    /// <summary>Refused between MULTI and EXEC.</summary>
    NoMulti = 1 << 10,
    /// <summary>Acts at once between MULTI and EXEC instead of being queued.</summary>
    NotQueued = 1 << 11,
    MovableKeys = 1 << 12,
    Blocking = 1 << 13,
    /// <summary>Ours, between nodes of one process: clients cannot call it, COMMAND does not list it.</summary>
    Internal = 1 << 14,
}
