namespace ShardStore.Balancer;

/// <summary>What was asked of <see cref="ClusterMean"/>, and after how many changes of the state.</summary>
internal readonly record struct MeanQuestion(int Changes, int Step, double Sigmas, double Correlation);

/// <summary>The load of all nodes together, which no move can change. A node that is hardly above it has nowhere to
/// send its load: what it sheds makes the next node the fullest, and so on without end. CockroachDB asks the same of a
/// source.</summary>
internal static class ClusterMean
{
    /// <summary>Fraction of capacity at a step, each node taken that many sigmas above its median.</summary>
    public static double Fraction(PlanState state, int step, double sigmas, double correlation)
    {
        // Asked for one node after another, while nothing changes.
        var asked = new MeanQuestion(state.Changed.Count, step, sigmas, correlation);
        if (state.LastMean.Question != asked)
            state.LastMean = (asked, Compute(state, step, sigmas, correlation));
        return state.LastMean.Fraction;
    }

    private static double Compute(PlanState state, int step, double sigmas, double correlation)
    {
        double cores = 0, capacity = 0;
        for (var node = 0; node < state.Nodes.Length; node++)
        {
            if (state.Traits.State(node) == NodeState.Down)
                continue;
            var capacityCores = state.Curves[node].CapacityCores;
            cores += state.Curves[node].Fraction(step, sigmas, correlation) * capacityCores;
            capacity += capacityCores;
        }
        return capacity > 0 ? cores / capacity : 0;
    }
}
