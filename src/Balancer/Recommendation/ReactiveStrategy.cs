namespace ShardStore.Balancer;

/// <summary>A faithful model of today's stores, for comparison: the load is what was last measured, smoothed; every
/// one of the last samples must be over the threshold (as PD asks of its history) and over the mean of the nodes by a
/// tolerance (as CockroachDB asks); a move starts at once.</summary>
internal sealed class ReactiveStrategy : IMoveStrategy
{
    public string Name => "reactive";

    public bool MayWait => false;

    public bool PlansWithMeasured => true;

    public DemandGrid ReadDemand(ShardLoad[] shards, BalancingPolicy policy) => DemandGrid.Flat(shards);

    /// <summary>What is measured is no mere chance.</summary>
    public bool MaySendBytes(NodeRisk risk, TriggerRules rules) => true;

    public bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules)
    {
        if (risk.PeakAct <= rules.Threshold)
            return false;
        var limit = Math.Max(rules.Threshold, ClusterMean.Fraction(state, 0, 0, 0) * (1 + rules.MeanTolerance));
        return risk.PeakAct > limit
            && SampleAgreement.AllAbove(state.Nodes[node], rules.Threshold, rules.AgreeingSamples);
    }
}
