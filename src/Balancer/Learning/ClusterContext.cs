namespace ShardStore.Balancer.Learning;

/// <summary>The state of a cluster as an agent sees it: a fixed list of figures, without a unit or in shares, so that
/// they mean the same on clusters of any size.</summary>
public static class ClusterContext
{
    /// <summary>What each figure says, in their order; completes "mostly for …".</summary>
    public static readonly IReadOnlyList<(string Name, string Words)> Figures =
    [
        ("level", "how full the nodes are on average"),
        ("spread", "how much fuller the fullest node is"),
        ("over", "the time over the threshold lately"),
        ("uncertainty", "how wide the forecasts are"),
        ("trusted", "the share of load with forecasts to trust"),
        ("missed", "how much load outran its forecast"),
        ("foresight", "how much better than no change the forecasts were"),
        ("volatility", "how much shards change within a quarter of an hour"),
        ("swing", "the change of all load that is forecast"),
        ("skew", "how large the largest shard is"),
        ("moves", "the replica moves of the last hour"),
        ("transfers", "the leader transfers of the last hour"),
        ("reversals", "the moves undone in the last hour"),
        ("move-time", "how long moving a shard takes"),
        ("act", "how careful the policy itself is"),
        ("trust", "how much the policy itself trusts targets"),
    ];

    public static int Count => Figures.Count;
}
