using System.Globalization;

namespace ShardStore.Balancer;

/// <summary>The sentences of a decision. Numbers are written for people: whole percent, whole minutes.</summary>
internal static class Explanations
{
    public static string ForOverload(Round round, MoveCandidate move, OverloadOutlook outlook, NodeRisk after)
    {
        var state = round.State;
        // A chance at the very edge is told from curves summed in another way, and may fall short of it there.
        var breachMs = outlook.BreachMsP90 ?? outlook.PeakMs;
        var when = breachMs <= round.NowMs
            ? "is over"
            : $"is expected to pass ({Odds(round.Rules.ActChance)} within "
                + $"{Minutes(breachMs - round.NowMs)})";
        return $"Node {outlook.Node} {when} {Percent(outlook.Threshold)} CPU, peak {Percent(outlook.PeakFraction)}, "
            + $"probability {Percent(outlook.Probability)}. {Deed(state, move)} lowers its peak to "
            + $"{Percent(after.PeakAct)}.";
    }

    public static string ForDrain(Round round, MoveCandidate move) =>
        $"Node {round.State.Nodes[move.From].Id} is being drained. {Deed(round.State, move)} takes one shard off it.";

    public static string NothingToDo(Round round, IReadOnlyCollection<OverloadOutlook> outlooks)
    {
        var highest = outlooks.MaxBy(outlook => outlook.PeakFraction);
        if (highest is null)
            return "The cluster has no nodes.";
        var horizon = Minutes((long)(round.Policy.Triggers.HorizonMinutes * 60_000));
        return $"No node must give up load: the highest peak within {horizon} is {Percent(highest.PeakFraction)} "
            + $"of node {highest.Node} (threshold {Percent(highest.Threshold)}).";
    }

    public static string AllDropped(Round round, NodeId node)
    {
        var common = round.Rejections().OrderByDescending(count => count.Count).Take(3)
            .Select(count => $"{count.Reason} ({count.Count})");
        return $"Node {node} should give up load, but no move is proposed: {string.Join(", ", common)}.";
    }

    public static string ForAdvice(AdviceKind kind, NodeId node, ShardId? shard, double excessOps)
    {
        var excess = excessOps.ToString("F0", CultureInfo.InvariantCulture);
        return kind switch
        {
            AdviceKind.SpreadShard => $"Shard {shard} alone overloads node {node} and would overload any other: spread "
                + $"its keys or its reads, or hold back {excess} ops/s.",
            AdviceKind.Throttle => $"No move from node {node} ends before its overload: hold back {excess} ops/s until "
                + "it does.",
            _ => $"No node has room for what node {node} must give up: add capacity for {excess} ops/s.",
        };
    }

    private static string Odds(double chance) =>
        $"1 in {(1 / chance).ToString("F0", CultureInfo.InvariantCulture)}";

    private static string Deed(PlanState state, MoveCandidate move)
    {
        var (shard, to) = (state.Shards[move.Shard].Id, state.Nodes[move.To].Id);
        return move.Kind == MoveKind.LeaderTransfer
            ? $"Passing leadership of shard {shard} to node {to}"
            : $"Moving shard {shard} to node {to}";
    }

    private static string Percent(double fraction) =>
        (fraction * 100).ToString("F0", CultureInfo.InvariantCulture) + " %";

    private static string Minutes(long ms) => ms < 120_000 ? $"{ms / 1000} s" : $"{ms / 60_000} min";
}
