namespace ShardStore.Node.Telemetry;

/// <summary>One second of a node: its utilization and the demand on every shard it holds, sorted by shard id. The
/// caller keeps those it leads before it publishes them.</summary>
public sealed record NodeSample(NodeUtilization Node, ShardDemand[] Demands, long MonotonicMs)
{
    public static readonly NodeSample None = new(default, [], 0);
}
