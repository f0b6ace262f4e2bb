namespace ShardStore.Balancer;

/// <summary>The load of all nodes together, which no move can change. A node that is hardly above it has nowhere to
/// send its load: what it sheds makes the next node the fullest, and so on without end. CockroachDB asks the same of a
/// source.</summary>
internal static class ClusterMean
{
    /// <summary>Fraction of capacity at a step, each node taken that many sigmas above its median.</summary>
    public static double Fraction(PlanState state, int step, double sigmas, double correlation)
    {
        double cores = 0, capacity = 0;
        for (var node = 0; node < state.Nodes.Length; node++)
        {
            if (state.Nodes[node].State == NodeState.Down)
                continue;
            var capacityCores = state.Nodes[node].CapacityCores;
            cores += state.Curves[node].Fraction(step, sigmas, correlation) * capacityCores;
            capacity += capacityCores;
        }
        return capacity > 0 ? cores / capacity : 0;
    }
}
