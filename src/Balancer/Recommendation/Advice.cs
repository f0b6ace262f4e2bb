namespace ShardStore.Balancer;

public enum AdviceKind : byte
{
    /// <summary>No move ends before the breach: hold clients back by <see cref="Advice.ExcessOpsPerSecond"/>.</summary>
    Throttle = 1,
    /// <summary>One shard is the load: moving it moves the overload. Spread its keys or its reads.</summary>
    SpreadShard = 2,
    /// <summary>No node has room for what must leave: add a node or capacity.</summary>
    AddCapacity = 3,
}

/// <summary>What a move cannot cure. <paramref name="Shard"/> is null for the whole node.</summary>
public sealed record Advice(AdviceKind Kind, NodeId Node, ShardId? Shard, double ExcessOpsPerSecond, string Text);
