namespace ShardStore.Node.Demo;

/// <summary>How much load, for how long. <paramref name="RateOfShardAt"/>: requests per second of a shard (from 1) at a
/// time since the load began.</summary>
internal sealed record DemoLoadPlan(int Shards, double Seconds, Func<int, double, double> RateOfShardAt);
