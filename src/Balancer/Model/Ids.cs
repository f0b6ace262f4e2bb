namespace ShardStore.Balancer;

/// <summary>A shard. The balancer has its own ids so that it depends on no other part; the node converts.</summary>
public readonly record struct ShardId(int Value) : IComparable<ShardId>
{
    public int CompareTo(ShardId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
    public static bool operator <(ShardId left, ShardId right) => left.Value < right.Value;
    public static bool operator >(ShardId left, ShardId right) => left.Value > right.Value;
    public static bool operator <=(ShardId left, ShardId right) => left.Value <= right.Value;
    public static bool operator >=(ShardId left, ShardId right) => left.Value >= right.Value;
}

/// <summary>A node's number in the cluster, from 1. 0 means "none": a shard without a known leader.</summary>
public readonly record struct NodeId(int Value) : IComparable<NodeId>
{
    public static readonly NodeId None;
    public bool IsNone => Value == 0;
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;
    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;
    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;
    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;
}
