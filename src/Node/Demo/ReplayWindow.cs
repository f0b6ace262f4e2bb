namespace ShardStore.Node.Demo;

/// <summary>
/// Which part of a trace is replayed: where demand rises most, from the median of the first third of the window to
/// that of the last, so that one noisy point decides nothing. Only the newer part of the trace is looked at: what is
/// older is the history that a forecast learns from. Who balances better plays no part in the choice.
/// </summary>
internal readonly record struct ReplayWindow(int First, int Steps, double Rise)
{
    /// <summary>Share of the trace that is only ever history.</summary>
    private const double HistoryShare = 0.6;

    /// <summary>Null when the trace is too short for a window with <paramref name="before"/> points ahead of it.
    /// </summary>
    public static ReplayWindow? Find(ReadOnlySpan<double> demand, int steps, int before)
    {
        ReplayWindow? best = null;
        var third = Math.Max(1, steps / 3);
        var first = Math.Max(before, (int)(demand.Length * HistoryShare));
        for (; first + steps <= demand.Length; first++)
        {
            var window = demand.Slice(first, steps);
            var rise = Median(window[^third..]) - Median(window[..third]);
            if (best is null || rise > best.Value.Rise)
                best = new ReplayWindow(first, steps, rise);
        }
        return best;
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
