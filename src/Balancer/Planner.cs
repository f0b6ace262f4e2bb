using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>The balancer's one question. Pure: the same snapshot, time and seed give the same answer, whatever the
/// order of the lists in the snapshot. To compare strategies side by side, ask twice with another
/// <see cref="BalancingPolicy.Mode"/>.</summary>
public static class Planner
{
    /// <param name="snapshot">Everything the decision may know; refused with an
    /// <see cref="ArgumentException"/> that names the field if it contradicts itself.</param>
    /// <param name="nowMs">Unix milliseconds; all times of the answer are relative to it.</param>
    /// <param name="seed">Decides between targets that are exactly alike.</param>
    public static Decision Decide(ClusterSnapshot snapshot, long nowMs, ulong seed)
    {
        SnapshotChecks.Check(snapshot);
        IMoveStrategy strategy = snapshot.Policy.Mode == BalancerMode.Reactive
            ? new ReactiveStrategy() : new PredictiveStrategy();
        var nodes = snapshot.Nodes.Sort((a, b) => a.Id.CompareTo(b.Id)).ToArray();
        if (strategy.PlansWithMeasured)
            nodes = Array.ConvertAll(nodes, node => node with { BackgroundCores = null });
        var shards = snapshot.Shards.Sort((a, b) => a.Id.CompareTo(b.Id)).ToArray();
        var state = new PlanState(nodes, shards, strategy.ReadDemand(shards, snapshot.Policy), snapshot.Costs);
        state.Measure(SettlingNodes.Of(snapshot, nowMs));
        var round = new Round(snapshot, state, strategy, new Instant(nowMs, seed));
        PendingInfluence.Apply(round);

        var outlooks = Enumerable.Range(0, nodes.Length)
            .Select(node => OutlookReport.Of(state, node, round.Rules, nowMs)).ToImmutableArray();
        var recommender = new Recommender(round);
        recommender.AddDrains();
        if (snapshot.Policy.Mode != BalancerMode.Off)
            recommender.AddRelief();
        return new Decision
        {
            Strategy = snapshot.Policy.Mode == BalancerMode.Off ? "off" : strategy.Name,
            PolicyVersion = snapshot.Policy.Version,
            Recommendations = [.. recommender.Ranked()],
            Advice = [.. recommender.Advice],
            Outlooks = outlooks,
            Rejections = round.Rejections(),
            Refusals = round.Refusals(),
            WhyNothing = WhyNothing(round, recommender, outlooks),
        };
    }

    private static string WhyNothing(Round round, Recommender recommender, ImmutableArray<OverloadOutlook> outlooks)
    {
        if (recommender.Rows.Count > 0)
            return "";
        if (round.Policy.Mode == BalancerMode.Off)
            return "The balancer is off.";
        return recommender.StuckNode.IsNone
            ? Explanations.NothingToDo(round, outlooks)
            : Explanations.AllDropped(round, recommender.StuckNode);
    }
}
