namespace ShardStore.Cluster.Tests.Compare;

/// <summary>Both runs of one round.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Plan">What was replayed, in words.</param>
/// <param name="First">Which of the modes ran first.</param>
internal sealed record RoundResult(
    int Number, string Plan, string First, RunFigures Reactive, RunFigures Predictive)
{
    /// <summary>Of the hot node's CPU before anything moved, between the runs: beyond that the machine was another
    /// one. As in the demo.</summary>
    private const double StartDifferenceMax = 0.12;

    /// <summary>A generator that is later than this has made another load than it says. Unit: ms.</summary>
    private const double LagMsMax = 50;

    /// <summary>Of the node-seconds over the threshold that may hide where nothing was told.</summary>
    private const int SilentSMax = 6;

    /// <summary>Why nothing follows from the round; empty when something does.</summary>
    public IReadOnlyList<string> Problems => [.. ProblemsOf(Reactive, Predictive)];

    public bool IsComparable => Problems.Count == 0;

    private static IEnumerable<string> ProblemsOf(RunFigures one, RunFigures other)
    {
        if ((one.Requests, one.Fingerprint) != (other.Requests, other.Fingerprint))
            yield return "the runs were not asked the same";
        // A share that is not known differs from all.
        var difference = Math.Abs(one.StartShare - other.StartShare);
        if (!(difference <= StartDifferenceMax * Math.Max(one.StartShare, other.StartShare)))
        {
            yield return FormattableString.Invariant(
                $"the machine changed: before anything moved the hot node used {one.StartShare:P0} of its capacity in ")
                + FormattableString.Invariant($"the {one.Mode} and {other.StartShare:P0} in the {other.Mode} run");
        }
        foreach (var run in new[] { one, other })
        {
            if (run.LagMsP99 > LagMsMax)
            {
                yield return FormattableString.Invariant(
                    $"the generator was late in the {run.Mode} run: p99 {run.LagMsP99:0} ms");
            }
            if (run.SilentS > SilentSMax)
                yield return $"nothing is known of {run.SilentS} node-seconds of the {run.Mode} run";
        }
    }
}
