using ShardStore.Node.Placement;

namespace ShardStore.Node.Hosting;

/// <summary>What a node brings to its cluster: who it is, and what the cluster should be if it is yet to be founded.
/// </summary>
public sealed record NodeFounding
{
    public required string ClusterId { get; init; }
    public required int NodeCount { get; init; }
    public required int Shards { get; init; }
    public required int Replicas { get; init; }
    public required NodeRecord Self { get; init; }
    public MigrationPace Pace { get; init; } = new();
}
