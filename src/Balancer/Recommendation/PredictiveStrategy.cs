namespace ShardStore.Balancer;

/// <summary>Acts when the acting quantile of the forecast passes the threshold. Where most of the load has no forecast
/// to trust, the present must show the overload in all of the last samples: a repeated level is no forecast.</summary>
internal sealed class PredictiveStrategy : IMoveStrategy
{
    private const double UntrustedShareMax = 0.5;

    public string Name => "predictive";

    public bool MayWait => true;

    public DemandGrid ReadDemand(ShardLoad[] shards, BalancingPolicy policy) =>
        DemandGrid.FromForecasts(shards, policy.Triggers.HorizonMinutes * 60);

    public bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules)
    {
        if (risk.PeakAct <= rules.Threshold)
            return false;
        return OutlookReport.UntrustedShare(state, node, risk.PeakStep) <= UntrustedShareMax
            || SampleAgreement.AllAbove(state.Nodes[node], rules.Threshold, rules.AgreeingSamples);
    }
}
