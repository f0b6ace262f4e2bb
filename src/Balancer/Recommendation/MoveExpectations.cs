namespace ShardStore.Balancer;

/// <summary>Writes down what the round expects of a move before it counts it as done.</summary>
internal static class MoveExpectations
{
    /// <summary>What never ends counts as that long: it must fit into JSON. Unit: seconds.</summary>
    private const double SecondsMax = 1e9;

    public static MoveExpectation Of(Round round, MoveCandidate move, TransferCost cost, long? breachMs)
    {
        var (leaves, comes) = (round.State.SourceChange(move), round.State.TargetChange(move));
        return new MoveExpectation
        {
            Threshold = round.Rules.Threshold,
            DecidedMs = round.NowMs,
            HorizonMs = round.NowMs + (long)(round.Policy.Triggers.HorizonMinutes * 60_000),
            BreachMs = breachMs,
            Source = OfNode(round, move.From, leaves),
            Target = OfNode(round, move.To, comes),
            SourceSharePerOp = -leaves.Linear / round.State.Nodes[move.From].CapacityCores,
            TargetSharePerOp = comes.Linear / round.State.Nodes[move.To].CapacityCores,
            WireBytes = cost.WireBytes,
            Seconds = Math.Min(cost.Seconds, SecondsMax),
        };
    }

    private static NodeExpectation OfNode(Round round, int node, CostChange change)
    {
        var without = round.State.Curves[node].Risk(round.Rules, CostChange.None);
        var with = round.State.Curves[node].Risk(round.Rules, change);
        return new NodeExpectation(without.PeakAct, with.PeakAct, without.Probability, with.Probability);
    }
}
