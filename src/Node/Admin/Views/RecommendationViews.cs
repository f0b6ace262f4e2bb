using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The controller's ranked proposals.</summary>
internal static class RecommendationViews
{
    public static IReadOnlyList<RecommendationView> All(ClusterReading reading, ControllerRound round) =>
        [.. round.Decision.Recommendations.Select((row, index) => Of(reading, row, index + 1))];

    private static RecommendationView Of(ClusterReading reading, Recommendation row, int rank) => new()
    {
        Rank = rank,
        Shard = row.Shard.Value,
        From = reading.NameOf(row.From.Value),
        To = reading.NameOf(row.To.Value),
        Kind = Words.Of(row.Kind),
        Urgency = row.Urgency.Score,
        Terms = Terms(row.Urgency),
        BreachUnixMsP50 = row.BreachMsP50,
        BreachUnixMsP90 = row.BreachMsP90,
        MoveSeconds = Words.Finite(row.Cost.Seconds),
        DeadlineUnixMs = row.DeadlineMs,
        ExecuteUnixMs = row.ExecuteAtMs,
        ExpiresUnixMs = row.ExpiresMs,
        Reason = row.Explanation,
        Rejected = [.. row.Alternatives.Select(move => new RejectionView(
            move.Shard.Value, reading.NameOf(move.To.Value), Words.Camel(move.Reason.ToString()),
            RejectionTexts.Of(move.Reason)))],
        PolicyVersion = row.PolicyVersion,
    };

    private static UrgencyTermView[] Terms(Urgency urgency) =>
    [
        new("overloadProbability", urgency.OverloadProbability),
        new("damage", urgency.Damage),
        new("drainPoints", urgency.DrainPoints),
        new("riskPoints", urgency.RiskPoints),
        new("slackPoints", urgency.SlackPoints),
        new("transferPoints", urgency.TransferPoints),
        new("clientPoints", urgency.ClientPoints),
    ];
}
