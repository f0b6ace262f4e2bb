using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>A policy that agents are trained and judged under.</summary>
public sealed record NamedPolicy(string Name, BalancingPolicy Policy)
{
    /// <summary>The built-in one and the presets.</summary>
    public static readonly IReadOnlyList<NamedPolicy> All =
    [
        new("default", BalancingPolicy.Default),
        .. PolicyPresets.Names.Select(name => new NamedPolicy(name, PolicyPresets.Of(name))),
    ];

    /// <summary>The cluster under this policy, with as much more capacity as the policy wants it emptier: whoever asks
    /// for room buys nodes. With the same nodes a low threshold would be passed all day whatever the knobs.</summary>
    internal SimulatedCluster Under(SimulatedCluster cluster)
    {
        var factor = BalancingPolicy.Default.Triggers.Threshold / Policy.Triggers.Threshold;
        var design = cluster.Design with
        {
            CapacityCores = Array.ConvertAll(cluster.Design.CapacityCores, cores => factor * cores),
            IdleCores = Array.ConvertAll(cluster.Design.IdleCores, cores => factor * cores),
        };
        return cluster with { Design = design, Policy = Policy };
    }
}
