using ShardStore.Balancer;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Placement;

/// <summary>Gathers from the load history what came of moves, and has them judged. Every controller has the same
/// history, so it does not matter which one judges.</summary>
internal sealed class OutcomeWatch(LoadKeeper loads)
{
    private const int MinuteSeconds = 60;

    /// <summary>A bucket is replicated and closed within that many of its widths.</summary>
    private const int BucketsLate = 2;

    /// <summary>Minutes are kept for four hours; a step of the forecasts may be shorter in a replay.</summary>
    private int WidthSeconds => Math.Min(MinuteSeconds, loads.StepSeconds);

    /// <summary>What came of a move that is done, or "cannot tell yet".</summary>
    public MoveOutcome Judge(RecommendationRecord record, MetaView view, long nowMs)
    {
        var expected = record.Expected!;
        var window = WindowOf(record, view);
        var knownUntilMs = nowMs - (BucketsLate * WidthSeconds * 1000L);
        if (knownUntilMs < window.ToMs)
            return OutcomeRule.Judge(expected, window, new OutcomeMeasures(WidthSeconds, []) { KnownUntilMs = 0 });
        // Of a window that begins before the minutes that are kept, the steps of the forecasts are still there.
        var measured = Read(record, view, window, WidthSeconds);
        if (!measured.ReachesBackTo(window.FromMs))
            measured = Read(record, view, window, loads.StepSeconds);
        return OutcomeRule.Judge(expected, window, measured.Into(knownUntilMs));
    }

    /// <summary>The time that is judged; it ends when the shard moves again.</summary>
    public static OutcomeWindow WindowOf(RecommendationRecord record, MetaView view)
    {
        var again = view.Migrations.FirstOrDefault(
            migration => migration.Shard == record.Move.Shard && migration.Id > record.Migration);
        return OutcomeRule.WindowOf(record.Expected!, record.EndedMs, again?.StartedMs);
    }

    private MeasuredSteps Read(RecommendationRecord record, MetaView view, OutcomeWindow window, int widthSeconds)
    {
        var first = window.FromMs / (widthSeconds * 1000L);
        LoadSeries Of(MeasureKey key) => loads.Series(key, widthSeconds, firstBucket: first);
        var ops = new Dictionary<int, LoadSeries>();
        LoadSeries OpsOf(int shard) => ops.TryGetValue(shard, out var known)
            ? known
            : ops[shard] = Of(new MeasureKey(SeriesKind.Shard, shard, LoadMeasure.Ops));
        var later = view.Recommendations.Where(other => other.State == RecommendationState.Done
            && other.Move.From == record.Move.From && other.Migration > record.Migration && other.Expected is not null)
            .ToArray();
        return new MeasuredSteps(
            widthSeconds, Of(CpuOf(record.Move.From)), Of(CpuOf(record.Move.To)), OpsOf(record.Move.Shard),
            startMs => later.Where(other => other.EndedMs <= startMs)
                .Sum(other => other.Expected!.SourceSharePerOp * Known(OpsOf(other.Move.Shard), startMs)));
    }

    private static MeasureKey CpuOf(int node) =>
        new(SeriesKind.Node, node, new LoadMeasure(LoadMetric.CpuShare));

    private static double Known(LoadSeries series, long startMs) =>
        MeasuredSteps.At(series, startMs) is var value && double.IsFinite(value) ? value : 0;

    /// <summary>Series of different ends laid beside each other by time.</summary>
    private sealed record MeasuredSteps(
        int WidthSeconds, LoadSeries Source, LoadSeries Target, LoadSeries Ops, Func<long, double> Later)
    {
        public bool ReachesBackTo(long unixMs) =>
            Source.Values.Length > 0 && Source.StartUnixMs <= unixMs + (WidthSeconds * 1000L);

        public OutcomeMeasures Into(long knownUntilMs)
        {
            var steps = new OutcomeStep[Source.Values.Length];
            for (var i = 0; i < steps.Length; i++)
            {
                var startMs = Source.StartUnixMs + (i * WidthSeconds * 1000L);
                steps[i] = new OutcomeStep(
                    startMs, Source.Values[i], At(Target, startMs), At(Ops, startMs), Later(startMs));
            }
            return new OutcomeMeasures(WidthSeconds, steps) { KnownUntilMs = knownUntilMs };
        }

        public static double At(LoadSeries series, long startMs)
        {
            var place = (startMs - series.StartUnixMs) / (series.StepSeconds * 1000L);
            return startMs >= series.StartUnixMs && place < series.Values.Length ? series.Values[place] : double.NaN;
        }
    }
}
