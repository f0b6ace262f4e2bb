namespace ShardStore.Node.Telemetry;

/// <summary>One resolution of the history. <paramref name="IsReplicated"/>: its closed buckets go through the meta
/// group; the finer ones are cheap to gather anew.</summary>
public sealed record RollupLevel(int WidthSeconds, int BucketsMax, bool IsReplicated)
{
    /// <summary>Of the forecast step: 15 days of 5 minutes, two weeks for the longest seasonal method and a day more.
    /// </summary>
    public const int StepBucketsMax = 15 * 288;

    public long WidthMs => WidthSeconds * 1000L;

    /// <summary>When nobody keeps a bucket any more, counted from its end.</summary>
    public long KeptSeconds => (long)WidthSeconds * BucketsMax;

    /// <summary>
    /// 1 s for two minutes, 10 s for half an hour, 60 s for four hours, and the forecast step: just under 10 KB a
    /// series when full.
    /// </summary>
    public static RollupLevel[] ForStep(int stepSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepSeconds, 1);
        var levels = new List<RollupLevel> { new(stepSeconds, StepBucketsMax, true) };
        foreach (var finer in new RollupLevel[] { new(60, 240, true), new(10, 180, false), new(1, 120, false) })
        {
            if (finer.WidthSeconds != stepSeconds)
                levels.Add(finer);
        }
        levels.Sort(static (a, b) => a.WidthSeconds.CompareTo(b.WidthSeconds));
        return [.. levels];
    }
}
