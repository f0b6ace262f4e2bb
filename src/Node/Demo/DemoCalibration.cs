namespace ShardStore.Node.Demo;

/// <summary>Measures on this machine, now, what the hot node's load costs at the start and at the peak of the replay,
/// on a cluster of its own with nothing moving. It also runs the program warm, so that the first run is not the one
/// that pays for compiling.</summary>
internal static class DemoCalibration
{
    private const double CoresNominal = 1;
    private const int PartSecondsMost = 10;

    /// <summary>Left out at the beginning of each part, until the rate has settled.</summary>
    private const double Settles = 0.3;

    /// <summary>A machine that keeps the load waiting for longer lets a node look cheaper than it is, and one that is
    /// still compiling lets the start look dearer than the peak: measured again, and the try with the fewest late
    /// seconds counts. Unit: seconds.</summary>
    private const int LateSecondsMax = 1;

    private const int Tries = 3;
    private static readonly TimeSpan FormTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A short replay makes do with a short calibration.</summary>
    public static int Seconds(DemoScript script) => 3 * PartSeconds(script);

    private static int PartSeconds(DemoScript script) => (int)Math.Clamp(script.ReplaySeconds / 10, 4, PartSecondsMost);

    /// <exception cref="IOException">The cluster did not form, or the load told nothing.</exception>
    public static async Task<DemoCapacity> MeasureAsync(DemoScript script, DemoOptions options, CancellationToken stop)
    {
        await using var cluster = await DemoCluster.StartAsync(script, options, CoresNominal, history: null);
        if (!await cluster.IsFormedAsync(FormTimeout, stop))
        {
            stop.ThrowIfCancellationRequested();
            throw new IOException($"the demo's cluster did not form within {FormTimeout.TotalSeconds:0} s");
        }
        var best = await TryAsync(script, cluster, stop);
        for (var attempt = 1; attempt < Tries && !(best.Tells && best.LateS <= LateSecondsMax); attempt++)
        {
            if (await TryAsync(script, cluster, stop) is var other && other.IsBetterThan(best))
                best = other;
        }
        return best.Tells
            ? new DemoCapacity(best.AtStart, best.AtPeak)
            : throw new IOException(FormattableString.Invariant(
                $"the hot node used {best.AtStart:F3} cores at the start's demand and {best.AtPeak:F3} at the peak's: ")
                + "the machine is too busy to tell");
    }

    /// <summary>Three parts of the same length: the peak's demand, to warm up; the start's; the peak's again.</summary>
    private static async Task<Trial> TryAsync(
        DemoScript script, DemoCluster cluster, CancellationToken stop)
    {
        var peakAt = script.PeakAt();
        var part = PartSeconds(script);
        var plan = new DemoLoadPlan(script.Shards, 3 * part,
            (shard, seconds) => script.RateAt(shard, (int)(seconds / part) == 1 ? script.WarmUpSeconds : peakAt));
        using var load = new DemoLoad(new DemoKeys(script.Shards), cluster.Endpoints, plan);
        await load.SeedAsync(stop);
        load.BeginIn(TimeSpan.Zero);
        var watch = await WatchedAsync(cluster, load, script.HotNode, stop);
        var late = Enumerable.Range(part, 2 * part)
            .Count(second => load.Traffic.Between(second, second + 1).MsP99 > DemoRunReport.LateMs);
        return new Trial(
            watch.MedianShare(script.HotNode, (1 + Settles) * part, 2 * part) * CoresNominal,
            watch.MedianShare(script.HotNode, (2 + Settles) * part, 3 * part) * CoresNominal,
            late);
    }

    private static async Task<DemoWatch> WatchedAsync(
        DemoCluster cluster, DemoLoad load, int hotNode, CancellationToken stop)
    {
        var watch = new DemoWatch(cluster, load, hotNode);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = watch.RunAsync(over.Token);
        try
        {
            await load.RunAsync(stop);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
        return watch;
    }

    private readonly record struct Trial(double AtStart, double AtPeak, int LateS)
    {
        /// <summary>Whether more demand took more CPU.</summary>
        public bool Tells => AtPeak > AtStart;

        public bool IsBetterThan(Trial other) => Tells != other.Tells ? Tells : LateS < other.LateS;
    }
}
