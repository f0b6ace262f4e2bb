namespace ShardStore.Node.Bench;

/// <summary>Makes load on a cluster over raw connections and reports what came of it. It measures the server: no
/// pooling, no retries but redirects, and every error counts.</summary>
public static class LoadGenerator
{
    /// <param name="options">The load.</param>
    /// <param name="progress">Gets a line a second; null for none.</param>
    /// <param name="cancellationToken">Ends the run early; the report covers what ran.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TraceFormatException">The trace file cannot be used.</exception>
    /// <exception cref="IOException">No endpoint told the cluster's map.</exception>
    public static async Task<BenchReport> RunAsync(
        BenchOptions options, IProgress<BenchProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var trace = options.ReplayPath is { } path ? TraceFile.Load(path) : null;
        // The run's clock starts only once the map is there.
        using (var probe = new BenchTopology(options))
            await probe.StartAsync(cancellationToken).ConfigureAwait(false);
        using var run = new BenchRun(options, trace);
        await run.Topology.StartAsync(cancellationToken).ConfigureAwait(false);
        var workers = Enumerable.Range(0, options.Connections).Select(i => new BenchWorker(run, i)).ToArray();
        try
        {
            var elapsedS = await LoadAsync(run, workers, progress, cancellationToken).ConfigureAwait(false);
            var report = Report(run, elapsedS);
            return options.Verify
                ? report with { Verified = await VerifyAsync(workers, cancellationToken).ConfigureAwait(false) }
                : report;
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<double> LoadAsync(
        BenchRun run, BenchWorker[] workers, IProgress<BenchProgress>? progress, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource();
        var telling = progress is null ? Task.CompletedTask : TellAsync(run, progress, over.Token);
        try
        {
            // Off this thread at once: a worker goes on until its first reply is outstanding.
            var flows = workers.Select(w => Task.Run(() => w.RunAsync(cancellationToken), CancellationToken.None));
            await Task.WhenAll(flows).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ended early on request; what ran is reported.
            return run.ElapsedS;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await telling.ConfigureAwait(false);
        }
        return run.ElapsedS;
    }

    private static async Task TellAsync(
        BenchRun run, IProgress<BenchProgress> progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var before = new LatencyHistogram();
        var beforeS = 0.0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                var all = run.Tally.All();
                var nowS = run.ElapsedS;
                var second = all.Since(before);
                progress.Report(new BenchProgress(
                    (int)Math.Round(nowS), (long)(second.Count / (nowS - beforeS)), second.PercentileMs(50),
                    second.PercentileMs(99), run.Tally.Errors, run.Tally.Moved));
                before = all;
                beforeS = nowS;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static BenchReport Report(BenchRun run, double elapsedS)
    {
        var all = run.Tally.All();
        return new BenchReport
        {
            Options = run.Options,
            ElapsedS = elapsedS,
            Operations = all.Count,
            OpsPerSecond = all.Count / elapsedS,
            Latency = LatencySummary.Of(all),
            ReadLatency = LatencySummary.Of(run.Tally.Reads),
            WriteLatency = LatencySummary.Of(run.Tally.Writes),
            Errors = run.Tally.Errors,
            ErrorsByText = new SortedDictionary<string, long>(run.Tally.ErrorsByText.ToDictionary()),
            Moved = run.Tally.Moved,
            Asked = run.Tally.Asked,
            Reconnects = run.Tally.Reconnects,
        };
    }

    private static async Task<VerifyOutcome> VerifyAsync(BenchWorker[] workers, CancellationToken cancellationToken)
    {
        const int examplesMax = 10;
        var outcomes = await Task.WhenAll(workers.Select(w => w.ReadBackAsync(cancellationToken)))
            .ConfigureAwait(false);
        return new VerifyOutcome(
            outcomes.Sum(o => o.KeyCount), outcomes.Sum(o => (long)o.Lost.Count),
            outcomes.Sum(o => o.UnreadableCount), [.. outcomes.SelectMany(o => o.Lost).Take(examplesMax)]);
    }
}
