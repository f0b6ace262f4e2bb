namespace ShardStore.Balancer;

/// <summary>What to tell an operator where moving does not help, or not in time.</summary>
internal static class AdviceRules
{
    public static Advice ForStuck(Round round, int node, NodeRisk risk)
    {
        var (shard, cores) = Biggest(round.State, node, risk.PeakStep);
        var fraction = round.State.Curves[node].Fraction(risk.PeakStep, 0, 0);
        var share = cores / Math.Max(1e-9, fraction * round.State.Nodes[node].CapacityCores);
        var roomMax = round.State.Nodes.Where(other => other.State == NodeState.Active)
            .Select(other => other.CapacityCores * round.Rules.Threshold).DefaultIfEmpty(0).Max();
        var isOneShard = shard >= 0 && (share >= round.Policy.Limits.ConcentrationMax || cores > roomMax);
        return Write(round, isOneShard ? AdviceKind.SpreadShard : AdviceKind.AddCapacity, node, risk);
    }

    public static Advice ForLate(Round round, int node, NodeRisk risk) =>
        Write(round, AdviceKind.Throttle, node, risk);

    private static Advice Write(Round round, AdviceKind kind, int node, NodeRisk risk)
    {
        var state = round.State;
        var (shard, _) = Biggest(state, node, risk.PeakStep);
        ShardId? named = kind == AdviceKind.SpreadShard ? state.Shards[shard].Id : null;
        var excess = ExcessOps(round, node, shard, risk);
        var id = state.Nodes[node].Id;
        return new Advice(kind, id, named, excess, Explanations.ForAdvice(kind, id, named, excess));
    }

    /// <summary>Ops/s too many at the peak, at the price of the node's biggest shard.</summary>
    private static double ExcessOps(Round round, int node, int shard, NodeRisk risk)
    {
        var price = shard < 0 ? 0 : round.State.CoresPerOp(shard, node);
        var cores = (risk.PeakAct - round.Rules.Threshold) * round.State.Nodes[node].CapacityCores;
        return price > 0 ? Math.Max(0, cores) / price : 0;
    }

    private static (int Shard, double Cores) Biggest(PlanState state, int node, int step)
    {
        var best = (Shard: -1, Cores: 0.0);
        foreach (var shard in state.ShardsOf(node))
        {
            var cores = state.HolderCoresPerOp(shard, node) * state.Grid.Median(shard)[step];
            if (cores > best.Cores || (cores == best.Cores && shard < best.Shard))
                best = (shard, cores);
        }
        return best;
    }
}
