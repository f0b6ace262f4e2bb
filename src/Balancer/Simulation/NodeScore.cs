namespace ShardStore.Balancer.Simulation;

/// <summary>How one node fared in a run. Nodes by index from 0.</summary>
/// <param name="Node">Index.</param>
/// <param name="UtilizationMax">In any tick; fraction of capacity.</param>
/// <param name="BreachSeconds">Above the policy's threshold.</param>
/// <param name="LastingBreachSeconds">When it first was above it for <see cref="NodeLedger.LastingSeconds"/> in a row:
/// the start of that, since scoring began. Null: never.</param>
/// <param name="ServiceSeconds">Time that it was up and not emptied by a drain.</param>
public readonly record struct NodeScore(
    int Node, double UtilizationMax, double BreachSeconds, double? LastingBreachSeconds, double ServiceSeconds);
