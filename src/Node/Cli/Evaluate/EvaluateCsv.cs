using System.Globalization;
using System.Text;
using ShardStore.Balancer.Evaluation;

namespace ShardStore.Node.Cli.Evaluate;

/// <summary>The scores of every method on every series at every horizon: what sets over other groups of files, and
/// comparisons with other programs, are made from. Counts of alarms stand on the line of the alarm steps.</summary>
internal static class EvaluateCsv
{
    private const string Header =
        "set,series,method,horizon,origins,mase,mase_at,mase_season,smape,pinball90,cover90,"
        + "tp_point,fp_point,fn_point,tp_point_quiet,fp_point_quiet,fn_point_quiet,onsets,onsets_seen_point,"
        + "lead_sum_point,tp_q90,fp_q90,fn_q90,tp_q90_quiet,fp_q90_quiet,fn_q90_quiet,onsets_seen_q90,lead_sum_q90,"
        + "positive_share,quiet_origins";

    private static readonly int AlarmFields = Header.Split(',').Length - 11;

    public static string Of(IReadOnlyList<FileScores> files)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var file in files)
        {
            var set = SetScores.SetOf(file.File);
            for (var i = 0; i < file.Scores.Count; i++)
            {
                foreach (var horizon in EvaluateJson.Horizons)
                    AddLine(text, (set, file.Tasks[i % file.Tasks.Count]), file.Scores[i], horizon);
            }
        }
        return text.ToString();
    }

    private static void AddLine(
        StringBuilder text, (string Set, ProtocolTask Task) of, SeriesScores scores, int horizon)
    {
        var fields = new List<string>
        {
            of.Set, scores.Series, scores.Method, Text(horizon), Text(scores.Origins),
            Text(SeriesScores.MeanTo(scores.Errors, horizon)),
            Text(scores.Errors[horizon - 1]),
            Text(SeriesScores.MeanTo(scores.Errors, horizon) * scores.SeasonFactor),
            Text(SeriesScores.MeanTo(scores.SymmetricErrors, horizon)),
            Text(SeriesScores.MeanTo(scores.Pinballs, horizon)),
            Text(SeriesScores.MeanTo(scores.Covered, horizon)),
        };
        fields.AddRange(horizon == ProtocolTask.AlarmSteps
            ? Alarms(of.Task, scores)
            : Enumerable.Repeat("", AlarmFields));
        text.AppendJoin(',', fields).Append('\n');
    }

    private static IEnumerable<string> Alarms(ProtocolTask task, SeriesScores scores)
    {
        var origins = Enumerable.Range(0, task.TestOrigins.Count).Select(place => task.TestOrigins[place]).ToList();
        return
        [
            .. Counts(scores.Point.All), .. Counts(scores.Point.Quiet),
            Text(scores.Onsets), Text(scores.Point.OnsetsSeen), Text(scores.Point.LeadSteps),
            .. Counts(scores.High.All), .. Counts(scores.High.Quiet),
            Text(scores.High.OnsetsSeen), Text(scores.High.LeadSteps),
            Text(origins.Count(task.OverloadFollows) / (double)origins.Count), Text(origins.Count(task.IsQuiet)),
        ];
    }

    private static IEnumerable<string> Counts(AlarmCounts counts) =>
        [Text(counts.Hits), Text(counts.FalseAlarms), Text(counts.Misses)];

    private static string Text(double value) =>
        double.IsFinite(value) ? value.ToString("G8", CultureInfo.InvariantCulture) : "";
}
