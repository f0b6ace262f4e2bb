using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>Turns a chosen move into the row that people and the migration runner read.</summary>
internal static class RowBuilder
{
    public static Recommendation Build(
        Round round, MoveCandidate move, NodeRisk risk, ImmutableArray<RejectedMove> alternatives)
    {
        var state = round.State;
        var outlook = OutlookReport.Of(state, move.From, round.Rules, round.NowMs);
        var cost = TransferCosts.Of(round, move);
        var schedule = TroughFinder.Find(
            round, move, cost, new Breach(outlook.BreachMsP90, risk.Probability > round.Policy.Triggers.AtOnceChance));
        var after = state.Curves[move.From].Risk(round.Rules, state.SourceChange(move));
        var isNow = outlook.BreachMsP90 <= round.NowMs;
        return Common(round, move, cost, schedule) with
        {
            Cause = isNow ? MoveCause.Overload : MoveCause.ForecastOverload,
            BreachMsP50 = outlook.BreachMsP50,
            BreachMsP90 = outlook.BreachMsP90,
            Urgency = UrgencyScore.Of(round, move, risk, schedule, cost),
            Gain = new MoveGain(
                risk.Probability, after.Probability, risk.PeakAct, after.PeakAct, risk.Overload - after.Overload),
            Expected = MoveExpectations.Of(round, move, cost, outlook.BreachMsP90),
            Alternatives = alternatives,
            Explanation = Explanations.ForOverload(round, move, outlook, after),
        };
    }

    public static Recommendation BuildDrain(Round round, MoveCandidate move)
    {
        var cost = TransferCosts.Of(round, move);
        var schedule = TroughFinder.Find(round, move, cost, Breach.None);
        return Common(round, move, cost, schedule) with
        {
            Cause = MoveCause.Drain,
            Urgency = UrgencyScore.OfDrain(round, move, schedule, cost),
            Expected = MoveExpectations.Of(round, move, cost, breachMs: null),
            Explanation = Explanations.ForDrain(round, move),
        };
    }

    private static Recommendation Common(Round round, MoveCandidate move, TransferCost cost, MoveSchedule schedule)
    {
        var expiryMs = (long)(round.Policy.Limits.ExpirySeconds * 1000);
        return new Recommendation
        {
            Shard = round.State.Shards[move.Shard].Id,
            From = round.State.Nodes[move.From].Id,
            To = round.State.Nodes[move.To].Id,
            Kind = move.Kind,
            Cause = MoveCause.Overload,
            DeadlineMs = schedule.DeadlineMs,
            ExecuteAtMs = schedule.ExecuteAtMs,
            ExpiresMs = Math.Max(round.NowMs, schedule.ExecuteAtMs) + expiryMs,
            Urgency = default,
            Cost = cost,
            Impact = schedule.Impact,
            EndsInTime = schedule.EndsInTime,
            PolicyVersion = round.Policy.Version,
            Strategy = round.Strategy.Name,
            Explanation = "",
        };
    }
}
