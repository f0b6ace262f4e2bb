using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>What makes two proposals the same one: rounds come and go, and a row about the same move is the same
/// proposal, refreshed.</summary>
public readonly record struct ProposedMove(MoveKind Kind, int Shard, int From, int To)
{
    public static ProposedMove Of(Recommendation row) =>
        new(row.Kind, row.Shard.Value, row.From.Value, row.To.Value);
}
