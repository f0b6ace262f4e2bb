using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>Everything one round of decisions may know. Immutable and complete: nothing is fetched in the middle of
/// a round, so a decision can be repeated from its snapshot alone. Order of the lists does not matter.</summary>
public sealed record ClusterSnapshot
{
    public required ImmutableArray<NodeLoad> Nodes { get; init; }
    public required ImmutableArray<ShardLoad> Shards { get; init; }
    public ImmutableArray<MoveInFlight> InFlight { get; init; } = [];
    public ImmutableArray<FinishedMove> RecentMoves { get; init; } = [];
    public ImmutableArray<LinkMeasurement> Links { get; init; } = [];
    public BalancingPolicy Policy { get; init; } = BalancingPolicy.Default;
    public CostModel Costs { get; init; } = CostModel.Prior;

    /// <summary>Bytes on the wire for each byte of shard, after compression, as lately observed. 1 = no gain.</summary>
    public double WireRatio { get; init; } = 1.0;
}
