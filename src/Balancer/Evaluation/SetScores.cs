namespace ShardStore.Balancer.Evaluation;

/// <summary>The scores of one set: a wide file, or all files of one series together.</summary>
/// <param name="Set">Its name.</param>
/// <param name="SeriesCount">Series evaluated.</param>
/// <param name="UnmovedCount">Those of them on which the naive method makes no error at all: nothing can be said
/// relative to it. A relative figure leaves out the series for which its divisor is 0.</param>
/// <param name="Methods">One a method.</param>
/// <param name="LeftOut">Series that were not evaluated, each with the reason.</param>
public sealed record SetScores(
    string Set,
    int SeriesCount,
    int UnmovedCount,
    IReadOnlyList<MethodScores> Methods,
    IReadOnlyList<string> LeftOut)
{
    public const string SingleSet = "single";

    /// <summary>Sets in the order of their first files.</summary>
    public static IReadOnlyList<SetScores> Of(IReadOnlyList<FileScores> files)
        => [.. files.GroupBy(file => SetOf(file.File)).Select(Of)];

    /// <summary>The set that a file belongs to.</summary>
    public static string SetOf(EvaluationFile file) => file.IsWide ? file.Name : SingleSet;

    private static SetScores Of(IGrouping<string, FileScores> files)
    {
        var scores = files.SelectMany(file => file.Scores).ToList();
        var naive = scores.Where(score => score.Method == MethodCatalog.Naive)
            .ToDictionary(score => score.Series, StringComparer.Ordinal);
        var hits = files.Select(file => file.HotHits).First();
        return new SetScores(
            files.Key,
            naive.Count,
            naive.Values.Count(score => score.Errors.All(error => error == 0)),
            [.. scores.GroupBy(score => score.Method).Select(method => Of([.. method], naive, hits))],
            [.. files.SelectMany(file => file.LeftOut)]);
    }

    private static MethodScores Of(
        List<SeriesScores> series,
        Dictionary<string, SeriesScores> naive,
        IReadOnlyDictionary<string, double> hits)
    {
        var steps = Enumerable.Range(1, ProtocolTask.Steps).ToList();
        long onsets = series.Sum(score => score.Onsets);
        return new MethodScores
        {
            Method = series[0].Method,
            RelativeErrorsTo = steps.ConvertAll(step => GeometricMean(series.Select(score => (
                SeriesScores.MeanTo(score.Errors, step), SeriesScores.MeanTo(naive[score.Series].Errors, step))))),
            RelativeErrorsAt = steps.ConvertAll(step => GeometricMean(series.Select(score => (
                score.Errors[step - 1], naive[score.Series].Errors[step - 1])))),
            Error = series.Average(score => SeriesScores.MeanTo(score.Errors, ProtocolTask.AlarmSteps)),
            Pinball = series.Average(score => SeriesScores.MeanTo(score.Pinballs, ProtocolTask.AlarmSteps)),
            Covered = series.Average(score => SeriesScores.MeanTo(score.Covered, ProtocolTask.AlarmSteps)),
            LevelsCovered = [.. series[0].LevelsCovered.Select((_, level) =>
                series.Average(score => score.LevelsCovered[level]))],
            PointF1Quiet = series.Aggregate(default(AlarmCounts), (sum, score) => sum + score.Point.Quiet).F1,
            HighF1Quiet = series.Aggregate(default(AlarmCounts), (sum, score) => sum + score.High.Quiet).F1,
            HighLead = onsets > 0 ? series.Sum(score => (double)score.High.LeadSteps) / onsets : null,
            HighRecall = onsets > 0 ? series.Sum(score => (double)score.High.OnsetsSeen) / onsets : null,
            HotHit = hits.TryGetValue(series[0].Method, out var hit) ? hit : null,
        };
    }

    private static double GeometricMean(IEnumerable<(double Error, double Naive)> errors)
        => Math.Exp(errors.Where(pair => pair.Naive > 0).Select(pair => Math.Log(pair.Error / pair.Naive))
            .DefaultIfEmpty(double.NaN).Average());
}
