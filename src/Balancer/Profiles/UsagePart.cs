namespace ShardStore.Balancer;

/// <summary>Windows, or events, of one name and shard: shown and learnt as one.</summary>
internal sealed class UsagePart(UsageKind kind, string name, IReadOnlyList<UsageTimes> times)
{
    public UsageKind Kind => kind;

    public string Name => name;

    /// <summary>Fills in the logarithm of what a load is multiplied by at each step of a grid that begins at Unix
    /// time 0, if the declared factors hold: the mean over a step that is only partly theirs. 0 where the part does
    /// not act.</summary>
    public void Fill(long firstStep, double stepSeconds, Span<double> logs)
    {
        logs.Clear();
        var from = firstStep * stepSeconds;
        var to = (firstStep + logs.Length) * stepSeconds;
        foreach (var source in times)
        {
            foreach (var span in source.Between(from, to))
            {
                AddShares(span, from, stepSeconds, logs);
            }
        }

        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] = Math.Log(1 + logs[i]);
        }
    }

    private static void AddShares(UsageSpan span, double from, double stepSeconds, Span<double> extra)
    {
        var first = (int)Math.Max(0, Math.Floor((span.Start - from) / stepSeconds));
        for (var i = first; i < extra.Length && from + (i * stepSeconds) < span.End; i++)
        {
            var start = Math.Max(span.Start, from + (i * stepSeconds));
            var end = Math.Min(span.End, from + ((i + 1) * stepSeconds));
            extra[i] += Math.Max(0, end - start) / stepSeconds * (span.Factor - 1);
        }
    }
}
