using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Recommendations that are over, oldest first.</summary>
internal static class OutcomeViews
{
    public static IReadOnlyList<EndedRecommendationView> All(ClusterReading reading) =>
        [.. reading.View.Recommendations.Where(record => !record.IsOpen).Select(record => Of(reading, record))];

    private static EndedRecommendationView Of(ClusterReading reading, RecommendationRecord record)
    {
        var expected = record.Expected;
        return new EndedRecommendationView
        {
            Id = record.Id,
            State = Words.Camel(record.State.ToString()),
            Shard = record.Move.Shard,
            From = reading.NameOf(record.Move.From),
            To = reading.NameOf(record.Move.To),
            Kind = Words.Of(record.Move.Kind),
            ProposedUnixMs = record.ProposedMs,
            StartedUnixMs = record.StartedMs > 0 ? record.StartedMs : null,
            EndedUnixMs = record.EndedMs,
            VetoedUntilUnixMs = record.VetoedUntilMs > 0 ? record.VetoedUntilMs : null,
            MigrationId = record.Migration > 0 ? record.Migration : null,
            Cause = expected is null ? null : Words.Camel(record.Cause.ToString()),
            Reason = record.Reason.Length > 0 ? record.Reason : null,
            Problem = record.Error.Length > 0 ? record.Error : null,
            PolicyVersion = expected is null ? null : record.PolicyVersion,
            Rejected = RecommendationViews.Rejected(reading, record),
            Cost = expected is null ? null : new MoveCostView(
                expected.WireBytes, record.Bytes, expected.Seconds, SecondsOf(record)),
            Source = expected is null ? null : Of(
                expected.Source, Measured(record)?.SourcePeakWithout, Measured(record)?.SourcePeak),
            Target = expected is null ? null : Of(
                expected.Target, Measured(record)?.TargetPeakWithout, Measured(record)?.TargetPeak),
            Help = HelpOf(reading.View, record),
        };
    }

    public static double SecondsOf(RecommendationRecord record) =>
        Math.Max(0, record.EndedMs - record.StartedMs) / 1000.0;

    /// <summary>Null where nothing was measured that could be told.</summary>
    public static MoveOutcome? Measured(RecommendationRecord record) =>
        record.Outcome is { MeasuredShare: > 0 } outcome ? outcome : null;

    public static MoveHelp VerdictOf(RecommendationRecord record) => record.Outcome?.Help ?? MoveHelp.CannotTellYet;

    private static HelpView? HelpOf(MetaView view, RecommendationRecord record)
    {
        if (record is not { State: RecommendationState.Done, Expected: { } expected })
            return null;
        var window = OutcomeWatch.WindowOf(record, view);
        var measured = Measured(record);
        return new HelpView(
            Words.Camel(VerdictOf(record).ToString()), expected.Threshold, window.FromMs, window.ToMs,
            measured?.SourceSecondsOverWithout, measured?.SourceSecondsOver, measured?.TargetSecondsOverAdded,
            record.Outcome?.MeasuredShare);
    }

    private static NodeOutcomeView Of(NodeExpectation expected, double? cameWithout, double? came) => new(
        expected.PeakWithout, expected.PeakWith, expected.ChanceWithout, expected.ChanceWith, cameWithout, came);
}
