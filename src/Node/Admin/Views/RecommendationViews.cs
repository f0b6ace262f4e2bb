using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The controller's ranked proposals, and what has become of those of before.</summary>
internal static class RecommendationViews
{
    /// <summary>All that is open: the rows of the last round, then what the planner proposes no more.</summary>
    public static IReadOnlyList<RecommendationView> All(ClusterReading reading, ControllerRound round)
    {
        var rows = Rows(reading, round);
        var listed = rows.Select(row => row.Id).ToHashSet();
        return
        [
            .. rows,
            .. reading.View.Recommendations
                .Where(record => !listed.Contains(record.Id) && IsShown(record, reading.UnixMs))
                .Select(record => Of(reading, record)),
        ];
    }

    /// <summary>The rows of a round alone.</summary>
    public static IReadOnlyList<RecommendationView> Rows(ClusterReading reading, ControllerRound round) =>
        [.. round.Decision.Recommendations.Select((row, index) => Of(reading, round, row, index + 1))];

    private static bool IsShown(RecommendationRecord record, long nowMs) =>
        record.State is RecommendationState.Approved or RecommendationState.Executing || record.IsVetoedAt(nowMs);

    private static RecommendationView Of(ClusterReading reading, ControllerRound round, Recommendation row, int rank)
    {
        var record = RecommendationKeeper.RecordOf(reading.View, row);
        var state = record?.State ?? RecommendationState.Proposed;
        return new RecommendationView
        {
            Id = record?.Id,
            State = Words.Camel(state.ToString()),
            Rank = rank,
            NeedsApproval = state == RecommendationState.Proposed
                && RecommendationKeeper.NeedsApproval(round.Snapshot.Policy, row),
            ApprovedUntilUnixMs = OrNull(record?.ApprovedUntilMs),
            MigrationId = OrNull(record?.Migration),
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
    }

    /// <summary>What is on record alone: of a vetoed proposal little but the move.</summary>
    public static RecommendationView Of(ClusterReading reading, RecommendationRecord record) => new()
    {
        Id = record.Id,
        State = Words.Camel(record.State.ToString()),
        Rank = 0,
        ApprovedUntilUnixMs = OrNull(record.ApprovedUntilMs),
        VetoedUntilUnixMs = OrNull(record.VetoedUntilMs),
        MigrationId = OrNull(record.Migration),
        Shard = record.Move.Shard,
        From = reading.NameOf(record.Move.From),
        To = reading.NameOf(record.Move.To),
        Kind = Words.Of(record.Move.Kind),
        Urgency = 0,
        Terms = [],
        BreachUnixMsP90 = record.Expected?.BreachMs,
        MoveSeconds = record.Expected?.Seconds ?? 0,
        Reason = record.Reason.Length > 0 ? record.Reason : "not proposed in the controller's last round",
        Rejected = Rejected(reading, record),
        PolicyVersion = record.PolicyVersion,
    };

    public static IReadOnlyList<RejectionView> Rejected(ClusterReading reading, RecommendationRecord record) =>
    [
        .. record.Rejected.Select(move => new RejectionView(
            move.Shard, move.To == 0 ? "" : reading.NameOf(move.To), Words.Camel(move.Reason.ToString()),
            RejectionTexts.Of(move.Reason))),
    ];

    private static long? OrNull(long? value) => value is > 0 ? value : null;

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
