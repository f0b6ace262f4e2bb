namespace ShardStore.Balancer;

/// <summary>The time a move is judged over. Unix milliseconds, end not included.</summary>
public readonly record struct OutcomeWindow(long FromMs, long ToMs);

/// <summary>One step as it was measured; NaN where it was not. <paramref name="SourceLoad"/> and
/// <paramref name="TargetLoad"/>: CPU fractions. <paramref name="Ops"/>: ops/s of the moved shard.
/// <paramref name="LaterLoad"/>: CPU fraction that moves begun after this one had taken off the source by then.
/// </summary>
public readonly record struct OutcomeStep(
    long StartMs, double SourceLoad, double TargetLoad, double Ops, double LaterLoad);

/// <summary>What is known of the time since a move. Steps lie on the grid of their width.</summary>
public sealed record OutcomeMeasures(double StepSeconds, IReadOnlyList<OutcomeStep> Steps)
{
    /// <summary>Steps that end by then are in, or will never be. Unix milliseconds.</summary>
    public required long KnownUntilMs { get; init; }
}

/// <summary>Did a move help? What the source would have carried without it is its measured load plus the shard's
/// measured ops × what an op of it costs there. Moves made after this one off the same source are credited to
/// themselves: they are added on both sides, so each move is compared with stopping just before it, and the first of
/// several has the credit for the worst of the overload. What counts is load above the threshold times its length, as
/// the planner's own risk counts: a move that takes half of a big overload has helped although the node is still over.
/// </summary>
public static class OutcomeRule
{
    /// <summary>With less of the time measured nothing is said.</summary>
    public const double MeasuredMin = 0.8;

    /// <summary>Part of the overload that must be gone, at both nodes together, to say that a move helped.</summary>
    public const double HelpMin = 0.1;

    /// <summary>From the time the breach was due to the horizon: not before the move has ended, and not after the shard
    /// has moved again (<paramref name="againMs"/>).</summary>
    public static OutcomeWindow WindowOf(MoveExpectation expected, long endedMs, long? againMs)
    {
        var from = Math.Max(expected.BreachMs ?? endedMs, endedMs);
        return new OutcomeWindow(from, Math.Max(from, Math.Min(expected.HorizonMs, againMs ?? long.MaxValue)));
    }

    public static MoveOutcome Judge(MoveExpectation expected, OutcomeWindow window, OutcomeMeasures measured)
    {
        var blank = new MoveOutcome(MoveHelp.CannotTellYet) { FromMs = window.FromMs, ToMs = window.ToMs };
        if (measured.KnownUntilMs < window.ToMs)
            return blank;
        var sums = new OutcomeSums(expected, measured.StepSeconds);
        foreach (var step in measured.Steps)
        {
            if (IsWithin(step, window, measured) && IsMeasured(step))
                sums.Add(step);
        }
        return sums.Into(blank, StepsOf(window, measured.StepSeconds));
    }

    private static bool IsWithin(OutcomeStep step, OutcomeWindow window, OutcomeMeasures measured) =>
        step.StartMs >= window.FromMs && step.StartMs + (measured.StepSeconds * 1000) <= window.ToMs;

    private static bool IsMeasured(OutcomeStep step) =>
        double.IsFinite(step.SourceLoad) && double.IsFinite(step.TargetLoad) && double.IsFinite(step.Ops);

    /// <summary>Whole steps of the grid within the window.</summary>
    private static int StepsOf(OutcomeWindow window, double stepSeconds)
    {
        var stepMs = stepSeconds * 1000;
        return (int)Math.Max(0, Math.Floor(window.ToMs / stepMs) - Math.Ceiling(window.FromMs / stepMs));
    }
}
