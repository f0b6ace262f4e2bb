using ShardStore.Balancer.Evaluation;
using ShardStore.Balancer.Tests.Forecasting;

namespace ShardStore.Balancer.Tests.Evaluation;

/// <summary>Traces made by a rule, and what methods score on them.</summary>
internal static class MadeTrace
{
    private const int HistoryCapacity = 4096;

    public static EvaluationFile Single(int count, int season, Func<int, double> value, string name = "made")
        => Wide(count, season, [value], name);

    public static EvaluationFile Wide(
        int count, int season, IReadOnlyList<Func<int, double>> columns, string name = "made")
        => new(
            name,
            [.. columns.Select((_, i) => $"s{i:00}")],
            [.. columns.Select(value => Enumerable.Range(0, count).Select(value).ToArray())],
            300,
            season,
            0);

    /// <summary>Counts 1, 2, 1, 2, …: its scale is 1 and its threshold 2.</summary>
    public static double Alternating(int i) => 1 + (i % 2);

    public static FileScores Evaluate(EvaluationFile file, params string[] methods)
        => new FileEvaluation(file, HistoryCapacity, stride: 1)
            .Run(MethodCatalog.Create(methods, ShippedModel.Lstm), _ => { });

    public static SeriesScores Of(this FileScores scores, string method)
        => scores.Scores.First(score => score.Method == method);
}
