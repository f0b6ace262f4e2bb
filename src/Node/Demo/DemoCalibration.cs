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

    /// <summary>A process that is still compiling takes half as much again, and a machine that was busy for some
    /// seconds looks cheap or dear: measured until two tries in a row agree to this part of their size.</summary>
    private const double DifferenceMax = 0.1;

    /// <summary>Then the last two count as they are, and the verdict tells if the runs were different.</summary>
    private const int TriesMost = 5;

    private static readonly TimeSpan FormTimeout = TimeSpan.FromSeconds(60);

    /// <summary>At least. A short replay makes do with a short calibration.</summary>
    public static int Seconds(DemoScript script) => 2 * 3 * PartSeconds(script);

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
        var before = await TryAsync(script, cluster, stop);
        var last = await TryAsync(script, cluster, stop);
        for (var tries = 2; tries < TriesMost && !last.Agrees(before); tries++)
            (before, last) = (last, await TryAsync(script, cluster, stop));
        var mean = last.MeanWith(before);
        return mean.Tells
            ? new DemoCapacity(mean.AtStart, mean.AtPeak)
            : throw new IOException(FormattableString.Invariant(
                $"the hot node used {mean.AtStart:F3} cores at the start's demand and {mean.AtPeak:F3} at the peak's: ")
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
        return new Trial(
            watch.MedianShare(script.HotNode, (1 + Settles) * part, 2 * part) * CoresNominal,
            watch.MedianShare(script.HotNode, (2 + Settles) * part, 3 * part) * CoresNominal);
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

    private readonly record struct Trial(double AtStart, double AtPeak)
    {
        /// <summary>Whether more demand took more CPU.</summary>
        public bool Tells => AtPeak > AtStart;

        public bool Agrees(Trial other) =>
            Tells && other.Tells && Agree(AtStart, other.AtStart) && Agree(AtPeak, other.AtPeak);

        public Trial MeanWith(Trial other) => new((AtStart + other.AtStart) / 2, (AtPeak + other.AtPeak) / 2);

        private static bool Agree(double one, double other) =>
            Math.Abs(one - other) <= DifferenceMax * Math.Max(one, other);
    }
}
