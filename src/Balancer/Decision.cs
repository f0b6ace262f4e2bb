using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>How often one rule spoke in a round.</summary>
public readonly record struct RejectionCount(RejectionReason Reason, int Count);

/// <summary>The answer of one round: what to do, what a move cannot cure, and why nothing else is proposed.</summary>
public sealed record Decision
{
    public required string Strategy { get; init; }
    public required long PolicyVersion { get; init; }

    /// <summary>Most urgent first; equal ones by shard, then target.</summary>
    public ImmutableArray<Recommendation> Recommendations { get; init; } = [];

    public ImmutableArray<Advice> Advice { get; init; } = [];

    /// <summary>One per node, by id, with moves in flight counted as done and none of the proposed ones.</summary>
    public ImmutableArray<OverloadOutlook> Outlooks { get; init; } = [];

    /// <summary>Every rule that dropped a candidate this round, by rank.</summary>
    public ImmutableArray<RejectionCount> Rejections { get; init; } = [];

    /// <summary>For shards that were weighed and stay, the rule that came nearest to letting them go; by shard, at most
    /// 1000.</summary>
    public ImmutableArray<RejectedMove> Refusals { get; init; } = [];

    /// <summary>One sentence when <see cref="Recommendations"/> is empty; empty otherwise.</summary>
    public string WhyNothing { get; init; } = "";
}
