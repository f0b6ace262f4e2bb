namespace ShardStore.Balancer;

/// <summary>What tells one balancer from another. Everything else (candidates, filters, costs, limits) is shared, so
/// that a comparison of two strategies compares nothing but these answers.</summary>
internal interface IMoveStrategy
{
    string Name { get; }

    /// <summary>Whether costs are what one snapshot says, and not what has been learnt over many.</summary>
    bool PlansWithMeasured { get; }

    /// <summary>The demand to plan for.</summary>
    DemandGrid ReadDemand(ShardLoad[] shards, BalancingPolicy policy);

    /// <summary>Whether load must leave the node.</summary>
    bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules);

    /// <summary>Whether a move may wait for a better moment before its deadline.</summary>
    bool MayWait { get; }

    /// <summary>Whether an overload is likely enough to send a shard's bytes for.</summary>
    bool MaySendBytes(NodeRisk risk, TriggerRules rules);

}
