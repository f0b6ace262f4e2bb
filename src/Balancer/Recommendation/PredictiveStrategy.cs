namespace ShardStore.Balancer;

/// <summary>Acts when the chance of passing the threshold within the horizon is more than the acting quantile
/// leaves. Where most of the load has no forecast
/// to trust, the present must show the overload in all of the last samples: a repeated level is no forecast.</summary>
internal sealed class PredictiveStrategy(PredictiveParts parts) : IMoveStrategy
{
    private const double UntrustedShareMax = 0.5;

    /// <summary>A forecast that beat its baselines has earned some doubt in its favour: that many times the usual
    /// samples must speak against it.</summary>
    private const int DenialFactor = 2;

    public string Name => "predictive";

    public bool MayWait => parts.Has(PredictivePart.Trough);

    public bool CountsInFlight => parts.Has(PredictivePart.InFlight);

    public bool PlansWithMeasured => false;

    /// <summary>An overload that is there, in twice the samples, is believed even if the forecast denies it (a
    /// flash crowd): those shards of such a node whose demand is above their own band keep it for the next step. Within
    /// the band the forecast is right so far, and if it says that the load will fall, no move is needed.</summary>
    public DemandGrid ReadDemand(NodeLoad[] nodes, ShardLoad[] shards, BalancingPolicy policy)
    {
        var rules = policy.Triggers;
        var grid = DemandGrid.FromForecasts(shards, rules.HorizonMinutes * 60);
        var overloaded = new HashSet<NodeId>();
        foreach (var node in nodes)
        {
            if (SampleAgreement.AllAbove(node, rules.Threshold, DenialFactor * rules.AgreeingSamples))
                overloaded.Add(node.Id);
        }
        var bandSigmas = Gauss.Sigmas(rules.ActQuantile);
        for (var shard = 0; overloaded.Count > 0 && shard < shards.Length; shard++)
        {
            if (shards[shard].Replicas.Any(replica => overloaded.Contains(replica.Node)))
                grid.HoldPresent(shard, shards[shard].Demand.OpsPerSecond, bandSigmas);
        }
        return grid;
    }

    public bool IsEndangered(PlanState state, int node, NodeRisk risk, TriggerRules rules)
    {
        if (risk.Probability <= 1 - rules.ActQuantile)
            return false;
        return OutlookReport.UntrustedShare(state, node, risk.PeakStep) <= UntrustedShareMax
            || SampleAgreement.AllAbove(state.Nodes[node], rules.Threshold, rules.AgreeingSamples);
    }
}
