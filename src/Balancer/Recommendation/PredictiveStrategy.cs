namespace ShardStore.Balancer;

/// <summary>Acts when the chance of passing the threshold within the horizon is more than the acting quantile
/// leaves. Where most of the load has no forecast to trust, the present must show the overload in all of the last
/// samples: a repeated level is no forecast.</summary>
internal sealed class PredictiveStrategy : IMoveStrategy
{
    private const double UntrustedShareMax = 0.5;

    public string Name => "predictive";

    public bool MayWait => true;

    public bool PlansWithMeasured => false;

    public DemandGrid ReadDemand(ShardLoad[] shards, BalancingPolicy policy)
    {
        var grid = DemandGrid.FromForecasts(shards, policy.Triggers.HorizonMinutes * 60);
        for (var shard = 0; shard < shards.Length; shard++)
            grid.Update(shard, shards[shard].LatelyOpsPerSecond ?? shards[shard].Demand.OpsPerSecond);
        return grid;
    }

    public bool MaySendBytes(NodeRisk risk, TriggerRules rules) => risk.Probability >= rules.ReplicaChance;

    public bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules)
    {
        if (risk.Probability <= 1 - rules.ActQuantile)
            return false;
        return OutlookReport.UntrustedShare(state, node, risk.PeakStep) <= UntrustedShareMax
            || SampleAgreement.AllAbove(state.Nodes[node], rules.Threshold, rules.AgreeingSamples);
    }
}
