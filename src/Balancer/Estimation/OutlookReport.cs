using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ShardStore.Balancer;

/// <summary>Turns the planner's curves into what an operator reads: breach times and who causes them.</summary>
internal static class OutlookReport
{
    public static ImmutableArray<OverloadOutlook> OfAll(PlanState state, RiskRules rules, long nowMs)
    {
        var outlooks = new OverloadOutlook[state.Nodes.Length];
        for (var node = 0; node < outlooks.Length; node++)
            outlooks[node] = Of(state, node, rules, nowMs);
        return ImmutableCollectionsMarshal.AsImmutableArray(outlooks);
    }

    public static OverloadOutlook Of(PlanState state, int node, RiskRules rules, long nowMs)
    {
        var curve = state.Curves[node];
        var grid = state.Grid;
        var risk = curve.Risk(rules, CostChange.None);
        var median = Fractions(curve, grid.Steps, 0, rules.Correlation);
        var act = Fractions(curve, grid.Steps, rules.ActSigmas, rules.Correlation);
        var current = CurrentFraction(state, node);
        (long? Half, long? Act) breaches = current > rules.Threshold
            ? (nowMs, nowMs)
            : BreachesMs(curve, grid.StepSeconds, rules, median, nowMs);
        return new OverloadOutlook
        {
            Node = state.Nodes[node].Id,
            Threshold = rules.Threshold,
            CurrentFraction = current,
            StepSeconds = grid.StepSeconds,
            Median = ImmutableCollectionsMarshal.AsImmutableArray(median),
            ActQuantile = ImmutableCollectionsMarshal.AsImmutableArray(act),
            Probability = risk.Probability,
            PeakFraction = risk.PeakAct,
            PeakMs = nowMs + StepMs(grid, risk.PeakStep),
            BreachMsP50 = breaches.Half,
            BreachMsP90 = breaches.Act,
            UntrustedShare = state.UntrustedShare(node, risk.PeakStep),
            BackgroundCores = curve.BackgroundCores,
            Contributions = Contributions(state, node, risk.PeakStep),
        };
    }

    public static long StepMs(DemandGrid grid, int step) => (long)((step + 1) * grid.StepSeconds * 1000);

    /// <summary>Load now with moves in flight counted as done: background and present demand at present cost.</summary>
    public static double CurrentFraction(PlanState state, int node)
    {
        var cores = state.Curves[node].BackgroundCores;
        foreach (var shard in state.ShardsOf(node))
            cores += state.HolderCoresPerOp(shard, node) * state.PresentOps(shard);
        return Math.Max(0, cores) / state.Nodes[node].CapacityCores;
    }

    public static double UntrustedShare(PlanState state, int node, int step) => state.UntrustedShare(node, step);

    private static double[] Fractions(NodeCurve curve, int steps, double sigmas, double correlation)
    {
        var fractions = new double[steps];
        for (var i = 0; i < steps; i++)
            fractions[i] = curve.Fraction(i, sigmas, correlation);
        return fractions;
    }

    /// <summary>When the chance of having passed the threshold reaches one half, and the chance to act on; each placed
    /// within its step in proportion, null if never.</summary>
    private static (long? Half, long? Act) BreachesMs(
        NodeCurve curve, double stepSeconds, RiskRules rules, double[] median, long nowMs)
    {
        var crossing = new CrossingChance(rules.Threshold);
        (long? Half, long? Act) at = (null, null);
        for (var i = 0; i < median.Length && (at.Half is null || at.Act is null); i++)
        {
            var before = crossing.Probability;
            crossing.Add(median[i], curve.Fraction(i, 1, rules.Correlation) - median[i]);
            at = (at.Half ?? Passed(0.5), at.Act ?? Passed(rules.ActChance));

            long? Passed(double chance) => crossing.Probability > chance
                ? nowMs + (long)((i + ((chance - before) / (crossing.Probability - before))) * stepSeconds * 1000)
                : null;
        }
        return at;
    }

    private static ImmutableArray<ShardContribution> Contributions(PlanState state, int node, int step)
    {
        var shards = state.ShardsOf(node);
        var list = new ShardContribution[shards.Length];
        var falling = ArrayPool<double>.Shared.Rent(shards.Length);
        for (var i = 0; i < list.Length; i++)
        {
            var cores = state.HolderCoresPerOp(shards[i], node) * state.Grid.Median(shards[i])[step];
            list[i] = new ShardContribution(state.IdOf(shards[i]), state.Leader(shards[i]) == node, cores);
            falling[i] = -cores;
        }
        Array.Sort(falling, list, 0, list.Length);
        ArrayPool<double>.Shared.Return(falling);
        for (var first = 0; first < list.Length;)
        {
            var end = first + 1;
            while (end < list.Length && list[end].Cores == list[first].Cores)
                end++;
            if (end > first + 1)
                list.AsSpan(first..end).Sort((a, b) => a.Shard.CompareTo(b.Shard));
            first = end;
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(list);
    }
}
