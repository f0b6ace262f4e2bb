using System.Globalization;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin;

/// <summary>What is wrong with the balancing itself: shards that go to and fro, forecasts that do not hold, moves that
/// were not worth it. Each says what to do about it.</summary>
internal static class BalancingAlerts
{
    private const string Warning = "warning";

    /// <param name="reading">The cluster's state.</param>
    /// <param name="round">The controller's last round; null elsewhere, where forecasts are not looked at.</param>
    public static IEnumerable<AlertView> Of(ClusterReading reading, ControllerRound? round)
    {
        foreach (var shard in ThrashRule.Find(MovesOf(reading.View), reading.UnixMs))
            yield return OfThrash(shard);
        var tally = OutcomeTally.Of(JudgedOf(reading.View));
        if (tally.FailsOften)
            yield return OfFailures(tally);
        if (tally.IsNeededTooRarely)
            yield return OfNeedless(tally);
        if (round is not null && OfCoverage(round) is { } alert)
            yield return alert;
    }

    /// <summary>Moves of the balancer; what operators move to and fro is their business.</summary>
    private static IEnumerable<FinishedMove> MovesOf(MetaView view) => view.Migrations
        .Where(move => move.IsOver && move.PolicyVersion is not null)
        .Select(move => new FinishedMove(
            new ShardId(move.Shard), new NodeId(move.From), new NodeId(move.To), move.Kind, move.EndedMs));

    private static IEnumerable<JudgedMove> JudgedOf(MetaView view) => view.Recommendations
        .Where(record => record is { Outcome: not null, Expected: not null }).OrderBy(record => record.EndedMs)
        .Select(record => new JudgedMove(record.Outcome!.Help, record.Expected!.Source.ChanceWithout));

    private static AlertView OfThrash(ShardThrash shard)
    {
        var isMoves = shard.Moves > ThrashRule.MovesMax;
        return New("thrash", $"shard {shard.Shard} was moved {shard.Moves} times within an hour, {shard.Reversals} of "
            + "them back again: raise limits.cooldownSeconds, limits.leaderCooldownSeconds or "
            + "limits.reversalCooldowns of the policy, or pin the shard until its load settles") with
        {
            Shard = shard.Shard.Value,
            Value = isMoves ? shard.Moves : shard.Reversals,
            Limit = isMoves ? ThrashRule.MovesMax : ThrashRule.ReversalsMax,
        };
    }

    private static AlertView OfFailures(OutcomeTally tally) => New("movesDoNotHelp",
        $"{tally.Failed} of the last {tally.Judged} moves that were judged did not help: see `ctl outcomes` and `ctl "
        + "why` of one of them; where targets overload, lower triggers.threshold or raise triggers.trustQuantile, "
        + "where sources stay over, add a node, or set execution to approve until it is clear") with
    {
        Value = tally.FailedShare,
        Limit = OutcomeTally.FailedShareMax,
    };

    private static AlertView OfNeedless(OutcomeTally tally) => New("movesNotNeeded",
        $"of the last {tally.Judged} moves that were judged {tally.Helped + tally.Failed} were needed, where their "
        + $"forecasts promised {Number(tally.NeededPromised)}: overloads are called that do not come; lower "
        + "triggers.actQuantile of the policy, or raise triggers.urgencyMin") with
    {
        Value = tally.Helped + tally.Failed,
        Limit = tally.NeededMin,
    };

    private static AlertView? OfCoverage(ControllerRound round)
    {
        var found = CoverageRule.Of(round.Forecasts.Series, round.Snapshot.Policy.Triggers.ActQuantile);
        if (found is not { IsTooLow: true })
            return null;
        return New("forecastError", $"the forecasts that should cover {Words.Percent(found.Level)} of what comes cover "
            + $"{Words.Percent(found.Share)} of it, of shard {found.Worst} {Words.Percent(found.WorstShare)}: breaches "
            + "may come unannounced; lower triggers.threshold of the policy until that ends, and tell what the past "
            + "cannot show by profiles") with
        {
            Value = found.Share,
            Limit = found.Level - CoverageRule.ShortfallMax,
        };
    }

    private static AlertView New(string kind, string text) =>
        new() { Kind = kind, Severity = Warning, Text = text, SinceUnixMs = 0 };

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
