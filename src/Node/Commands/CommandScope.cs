namespace ShardStore.Node.Commands;

/// <summary>Who executes a command.</summary>
public enum CommandScope
{
    /// <summary>The connection itself; no data is touched.</summary>
    Connection,
    /// <summary>The shard that owns the keys.</summary>
    Shard,
    /// <summary>Every shard this node leads, one internal request each; the replies are merged.</summary>
    Node,
}
