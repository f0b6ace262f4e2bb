namespace ShardStore.Node.Demo;

/// <summary>Measures on this machine, now, what the hot node's load costs at the start and at the peak of the replay,
/// on a cluster of its own with nothing moving. It also runs the program warm, so that the first run is not the one
/// that pays for compiling.</summary>
internal static class DemoCalibration
{
    private const double CoresNominal = 1;
    private const int PeakSecondsMost = 18;

    /// <summary>Left out at the beginning of each part, until the rate has settled.</summary>
    private const double Settles = 0.4;

    private static readonly TimeSpan FormTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A short replay makes do with a short calibration.</summary>
    public static (int Peak, int Start) Seconds(DemoScript script)
    {
        var peak = (int)Math.Clamp(script.ReplaySeconds / 5, 5, PeakSecondsMost);
        return (peak, Math.Max(4, peak / 2));
    }

    public static async Task<DemoCapacity> MeasureAsync(DemoScript script, DemoOptions options, CancellationToken stop)
    {
        await using var cluster = await DemoCluster.StartAsync(script, options, CoresNominal, history: null);
        if (!await cluster.IsFormedAsync(FormTimeout, stop))
        {
            stop.ThrowIfCancellationRequested();
            throw new IOException($"the demo's cluster did not form within {FormTimeout.TotalSeconds:0} s");
        }
        var peakAt = script.PeakAt();
        var (peak, start) = Seconds(script);
        var plan = new DemoLoadPlan(script.Shards, peak + start,
            (shard, seconds) => script.RateAt(shard, seconds < peak ? peakAt : script.WarmUpSeconds));
        using var load = new DemoLoad(new DemoKeys(script.Shards), cluster.Endpoints, plan);
        await load.SeedAsync(stop);
        load.BeginIn(TimeSpan.Zero);
        var watch = await WatchedAsync(cluster, load, script.HotNode, stop);
        var atStart = watch.MedianShare(script.HotNode, peak + (Settles * start), peak + start) * CoresNominal;
        var atPeak = watch.MedianShare(script.HotNode, Settles * peak, peak) * CoresNominal;
        return atPeak > atStart
            ? new DemoCapacity(atStart, atPeak)
            : throw new IOException(FormattableString.Invariant(
                $"the hot node used {atStart:F3} cores at the start's demand and {atPeak:F3} at the peak's: ")
                + "the machine is too busy to tell");
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
}
