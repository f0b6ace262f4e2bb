namespace ShardStore.Balancer.Evaluation;

/// <summary>The scores of one file.</summary>
/// <param name="File">The trace.</param>
/// <param name="Tasks">The series that were evaluated.</param>
/// <param name="Scores">Of each method on each of them: method after method, series in the order of
/// <paramref name="Tasks"/>.</param>
/// <param name="HotHits">By method, of a wide file: the share of the hot shards that its forecast names.</param>
/// <param name="LeftOut">Series that were not evaluated, each with the reason.</param>
public sealed record FileScores(
    EvaluationFile File,
    IReadOnlyList<ProtocolTask> Tasks,
    IReadOnlyList<SeriesScores> Scores,
    IReadOnlyDictionary<string, double> HotHits,
    IReadOnlyList<string> LeftOut);
