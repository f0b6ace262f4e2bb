namespace ShardStore.Balancer;

/// <summary>What tells one balancer from another. Everything else (candidates, filters, costs, limits) is shared, so
/// that a comparison of two strategies compares nothing but these answers.</summary>
internal interface IMoveStrategy
{
    string Name { get; }

    /// <summary>Whether a node's load is the last measured one, and not what its shards and background add up to.
    /// </summary>
    bool PlansWithMeasured { get; }

    /// <summary>The demand to plan for.</summary>
    DemandGrid ReadDemand(NodeLoad[] nodes, ShardLoad[] shards, BalancingPolicy policy);

    /// <summary>Whether load must leave the node.</summary>
    bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules);

    /// <summary>Whether a move may wait for a better moment before its deadline.</summary>
    bool MayWait { get; }

    /// <summary>Whether moves under way count as done where load is judged.</summary>
    bool CountsInFlight { get; }
}
