namespace ShardStore.Balancer;

/// <summary>A replica move passes through a joint configuration that needs a majority of the old voters and of the
/// new ones. With a voter already lost, taking a live one away could leave less than that; replacing the lost one is
/// always allowed while a majority lives.</summary>
internal static class QuorumSafety
{
    public static bool MayMove(PlanState state, MoveCandidate move)
    {
        int voters = 0, live = 0;
        foreach (var (node, isVoter) in state.Replicas(move.Shard))
        {
            voters += isVoter ? 1 : 0;
            live += isVoter && state.Nodes[node].State != NodeState.Down ? 1 : 0;
        }
        if (state.Leader(move.Shard) == PlanState.NoNode || live < (voters / 2) + 1)
            return false;
        return live == voters || state.Nodes[move.From].State == NodeState.Down;
    }
}
