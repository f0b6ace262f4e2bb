using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>Turns the planner's curves into what an operator reads: breach times and who causes them.</summary>
internal static class OutlookReport
{
    public static OverloadOutlook Of(PlanState state, int node, RiskRules rules, long nowMs)
    {
        var curve = state.Curves[node];
        var grid = state.Grid;
        var risk = curve.Risk(rules, CostChange.None);
        var median = Fractions(curve, grid.Steps, 0, rules.Correlation);
        var act = Fractions(curve, grid.Steps, rules.ActSigmas, rules.Correlation);
        var contributions = Contributions(state, node, risk.PeakStep);
        return new OverloadOutlook
        {
            Node = state.Nodes[node].Id,
            Threshold = rules.Threshold,
            CurrentFraction = CurrentFraction(state, node),
            StepSeconds = grid.StepSeconds,
            Median = median,
            ActQuantile = act,
            Probability = risk.Probability,
            PeakFraction = risk.PeakAct,
            PeakMs = nowMs + StepMs(grid, risk.PeakStep),
            BreachMsP50 = BreachMs(state, node, rules, 0.5, nowMs),
            BreachMsP90 = BreachMs(state, node, rules, rules.ActChance, nowMs),
            UntrustedShare = UntrustedShare(state, node, risk.PeakStep),
            BackgroundCores = curve.BackgroundCores,
            Contributions = contributions,
        };
    }

    public static long StepMs(DemandGrid grid, int step) => (long)((step + 1) * grid.StepSeconds * 1000);

    /// <summary>Load now with moves in flight counted as done: background and present demand at present cost.</summary>
    public static double CurrentFraction(PlanState state, int node)
    {
        var cores = state.Curves[node].BackgroundCores;
        foreach (var shard in state.ShardsOf(node))
            cores += state.HolderCoresPerOp(shard, node) * state.Shards[shard].Demand.OpsPerSecond;
        return Math.Max(0, cores) / state.Nodes[node].CapacityCores;
    }

    public static double UntrustedShare(PlanState state, int node, int step)
    {
        double all = 0, untrusted = 0;
        foreach (var shard in state.ShardsOf(node))
        {
            var cores = state.HolderCoresPerOp(shard, node) * state.Grid.Median(shard)[step];
            all += cores;
            untrusted += state.Grid.IsTrusted(shard) ? 0 : cores;
        }
        return all > 0 ? untrusted / all : 0;
    }

    private static ImmutableArray<double> Fractions(NodeCurve curve, int steps, double sigmas, double correlation)
    {
        var fractions = new double[steps];
        for (var i = 0; i < steps; i++)
            fractions[i] = curve.Fraction(i, sigmas, correlation);
        return ImmutableArray.Create(fractions);
    }

    /// <summary>When the chance of having passed the threshold reaches <paramref name="chance"/>, placed within its
    /// step in proportion; null if never.</summary>
    private static long? BreachMs(PlanState state, int node, RiskRules rules, double chance, long nowMs)
    {
        if (CurrentFraction(state, node) > rules.Threshold)
            return nowMs;
        var (curve, grid) = (state.Curves[node], state.Grid);
        var crossing = new CrossingChance(rules.Threshold);
        for (var i = 0; i < grid.Steps; i++)
        {
            var before = crossing.Probability;
            var mean = curve.Fraction(i, 0, rules.Correlation);
            crossing.Add(mean, curve.Fraction(i, 1, rules.Correlation) - mean);
            if (crossing.Probability > chance)
            {
                var part = (chance - before) / (crossing.Probability - before);
                return nowMs + (long)((i + part) * grid.StepSeconds * 1000);
            }
        }
        return null;
    }

    private static ImmutableArray<ShardContribution> Contributions(PlanState state, int node, int step)
    {
        var shards = state.ShardsOf(node);
        var list = new ShardContribution[shards.Length];
        for (var i = 0; i < list.Length; i++)
        {
            var cores = state.HolderCoresPerOp(shards[i], node) * state.Grid.Median(shards[i])[step];
            list[i] = new ShardContribution(state.Shards[shards[i]].Id, state.Leader(shards[i]) == node, cores);
        }
        Array.Sort(list, (a, b) => a.Cores != b.Cores ? b.Cores.CompareTo(a.Cores) : a.Shard.CompareTo(b.Shard));
        return ImmutableArray.Create(list);
    }
}
