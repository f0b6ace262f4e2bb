namespace ShardStore.Balancer.Evaluation;

/// <summary>One trace: series on one regular clock, without gaps.</summary>
/// <param name="Name">Of the file, without folder and ending.</param>
/// <param name="Columns">Name of each series.</param>
/// <param name="Values">One array a series, all of one length.</param>
/// <param name="StepSeconds">Time between two values. Unit: seconds.</param>
/// <param name="SeasonSteps">Steps in the season the trace claims; 1 or less: none.</param>
/// <param name="FirstTimeOfDaySeconds">When in its day the first value was taken. Unit: seconds, UTC.</param>
public sealed record EvaluationFile(
    string Name,
    IReadOnlyList<string> Columns,
    IReadOnlyList<double[]> Values,
    double StepSeconds,
    int SeasonSteps,
    double FirstTimeOfDaySeconds)
{
    /// <summary>Several series are shards or servers of one workload and form a set of their own; files of one series
    /// form the set <see cref="SetScores.SingleSet"/> together.</summary>
    public bool IsWide => Columns.Count > 1;
}
