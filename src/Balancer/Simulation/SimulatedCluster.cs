using System.Collections.Immutable;
using ShardStore.Balancer.Learning;

namespace ShardStore.Balancer.Simulation;

/// <summary>A cluster, its rules, and what happens to it.</summary>
/// <param name="Design">Its nodes and shards.</param>
/// <param name="Policy">In force; its mode is the strategy's.</param>
/// <param name="Events">In the order of their steps.</param>
public sealed record SimulatedCluster(
    ClusterDesign Design, BalancingPolicy Policy, ImmutableArray<ClusterEvent> Events)
{
    /// <summary>Whose hand is on the knobs under <see cref="SimulatedStrategy.Learned"/>; null: the agent that was
    /// built with this program.</summary>
    public LearnedAgent? Agent { get; init; }
}
