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
            BreachMsP50 = BreachMs(state, node, median, rules.Threshold, nowMs),
            BreachMsP90 = BreachMs(state, node, act, rules.Threshold, nowMs),
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

    /// <summary>First crossing, placed between steps on the line from the value before; null if none.</summary>
    private static long? BreachMs(
        PlanState state, int node, ImmutableArray<double> curve, double limit, long nowMs)
    {
        var before = CurrentFraction(state, node);
        for (var i = 0; i < curve.Length; i++)
        {
            if (curve[i] > limit)
            {
                var part = before >= limit ? 0 : (limit - before) / (curve[i] - before);
                return nowMs + (long)((i + part) * state.Grid.StepSeconds * 1000);
            }
            before = curve[i];
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
