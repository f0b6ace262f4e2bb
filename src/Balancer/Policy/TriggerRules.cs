namespace ShardStore.Balancer;

/// <summary>When a node counts as endangered, and how sure the planner must be.</summary>
public sealed record TriggerRules
{
    /// <summary>CPU fraction of capacity that no node should pass. Default 0.8: above it queues grow faster than load.
    /// Range 0.1–1.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <summary>How far ahead a breach matters. Unit: minutes. Default 60; beyond it forecasts of bursty shards are
    /// hardly better than their mean. Range 0.1–1440, since a replay may be faster than the clock. A shorter forecast
    /// holds its last value.</summary>
    public double HorizonMinutes { get; init; } = 60;

    /// <summary>A source counts as endangered when the chance that its load passes the threshold within the horizon is
    /// more than what this quantile leaves. Default 0.9: 1 in 10. Range 0.5–0.99.</summary>
    public double ActQuantile { get; init; } = 0.9;

    /// <summary>The same for a target, which must leave less to chance: higher than <see cref="ActQuantile"/>, so that
    /// a target is trusted less than a source is feared. Default 0.95. Range 0.5–0.999.</summary>
    public double TrustQuantile { get; init; } = 0.95;

    /// <summary>How much the forecast errors of shards move together: 0 independent, 1 all at once. Default 0.5, since
    /// a flash crowd rarely meets one shard alone. Range 0–1.</summary>
    public double ErrorCorrelation { get; init; } = 0.5;

    /// <summary>Time to keep between the end of a move and the breach. Unit: seconds. Default 60. Range 0–3600.
    /// </summary>
    public double MarginSeconds { get; init; } = 60;

    /// <summary>Chance of an overload within the horizon beyond which a leader transfer starts at once, a replica move
    /// in the next trough. Against a smaller one either waits until its deadline: by then the forecast may have changed
    /// its mind. Default 0.85. Range 0–1.</summary>
    public double AtOnceChance { get; init; } = 0.85;

    /// <summary>Chance of an overload within the horizon from which a replica may move for it. Below it only leadership
    /// moves, which sends no bytes. Lower where shards are so large that a move takes a good part of the horizon.
    /// Default 0.85. Range 0–1. Reactive has no chances, and no such bound.</summary>
    public double ReplicaChance { get; init; } = 0.85;

    /// <summary>Rows below this urgency are not proposed. Default 10 of 100. Range 0–100.</summary>
    public double UrgencyMin { get; init; } = 10;

    /// <summary>Reactive, and predictive where there is no forecast to trust: that many last samples must all be over
    /// the threshold. Default 5. Range 1–60.</summary>
    public int AgreeingSamples { get; init; } = 5;

    /// <summary>A source must also be that far over the mean of the nodes at the same moment: where all are full, moves
    /// only pass the load around. Default 0.1 (10 %). Range 0–1.</summary>
    public double MeanTolerance { get; init; } = 0.1;
}
