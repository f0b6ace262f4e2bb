namespace ShardStore.Balancer.Simulation;

/// <summary>One demand and the clusters that meet it, one a seed.</summary>
/// <param name="Demand">A trace or a generated load.</param>
/// <param name="Clusters">In the order of <paramref name="Seeds"/>.</param>
/// <param name="Seeds">What each cluster was drawn by.</param>
public sealed record SimulationCase(
    DemandTable Demand, IReadOnlyList<SimulatedCluster> Clusters, IReadOnlyList<int> Seeds)
{
    /// <summary>A trace, which the seeds do not change: they draw the clusters.</summary>
    public static SimulationCase OfTrace(
        DemandTable trace, ClusterRules rules, BalancingPolicy policy, IReadOnlyList<int> seeds)
    {
        var demand = ClusterDraw.Scale(trace, rules);
        var clusters = seeds.Select(seed => new SimulatedCluster(
            ClusterDraw.Of(demand, rules, (ulong)seed), policy, []));
        return new SimulationCase(demand, [.. clusters], seeds);
    }
}
