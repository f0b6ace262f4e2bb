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

    /// <summary>Shards that an operator wants to stay for now. Drains, which an operator ordered too, go before that.
    /// </summary>
    public ImmutableArray<ShardId> VetoedShards { get; init; } = [];

    public BalancingPolicy Policy { get; init; } = BalancingPolicy.Default;
    public CostModel Costs { get; init; } = CostModel.Prior;

    /// <summary>What people have been shown: of moves that are about as good a round goes on with these, since a list
    /// that changes with every sample cannot be approved. Each passes the same filters as any other.</summary>
    public ImmutableArray<KeptProposal> Kept { get; init; } = [];

    /// <summary>Bytes on the wire for each byte of shard, after compression, as lately observed. 1 = no gain.</summary>
    public double WireRatio { get; init; } = 1.0;
}
