using System.Globalization;
using System.Text.Json;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>All that one command asks for, on one cluster, with its table and its record.</summary>
internal sealed class NemesisSession(SessionArguments asked, TextWriter output) : IAsyncDisposable
{
    private NemesisCluster? _cluster;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
            await cluster.DisposeAsync();
    }

    public async Task<bool> RunAsync()
    {
        string[] more = asked.ElectionMs == 0
            ? []
            : ["--election-ms", Text(asked.ElectionMs), "--heartbeat-ms", Text(Math.Min(100, asked.ElectionMs / 10))];
        var cluster = _cluster = await NemesisCluster.StartAsync(asked.Nodes, more);
        using var busy = new BusyThreads(asked.Busy);
        output.WriteLine($"{asked.Nodes} nodes, {NemesisCluster.Shards} shards of 3 replicas, seed {asked.Seed}, "
            + $"commit {Provenance.Commit}; {Provenance.Machine}; load average {NemesisResult.LoadText()}");
        return asked.Failover is { } kind ? await FailOverAsync(cluster, kind) : await RunFaultsAsync(cluster);
    }

    private async Task<bool> RunFaultsAsync(NemesisCluster cluster)
    {
        foreach (var reason in Faults.Missing)
            output.WriteLine(reason);
        output.WriteLine(NemesisResult.Head);
        var run = new NemesisRun(cluster, asked.Seed);
        var isClean = true;
        foreach (var fault in asked.Faults)
        {
            var result = await run.RunAsync(fault, TimeSpan.FromSeconds(asked.Seconds));
            output.WriteLine(result);
            foreach (var story in result.Verdict.Stories)
                output.WriteLine(story);
            isClean &= result.IsClean;
            Record(result.ToJson(asked.Seed, asked.Nodes));
        }
        output.WriteLine(isClean ? "nothing lost, duplicated or stale; every fault fired" : "NOT CLEAN, see above");
        return isClean;
    }

    private async Task<bool> FailOverAsync(NemesisCluster cluster, FailoverKind kind)
    {
        var trials = new FailoverTrials(cluster, kind);
        if (kind == FailoverKind.None)
            return await CountElectionsAsync(cluster);
        var gaps = await trials.RunAsync(asked.Trials, output);
        var line = JsonSerializer.Serialize(new
        {
            at = Provenance.At,
            commit = Provenance.Commit,
            machine = Provenance.Machine,
            load = NemesisResult.LoadText(),
            suite = "failover",
            kind = kind.ToString(),
            electionMs = asked.ElectionMs == 0 ? 1_000 : asked.ElectionMs,
            busyThreads = asked.Busy,
            trials = gaps.Count,
            secondsP50 = Percentiles.Of(gaps, 50),
            secondsP99 = Percentiles.Of(gaps, 99),
            secondsMax = Percentiles.Of(gaps, 100),
        });
        output.WriteLine(line);
        Record(line);
        return true;
    }

    /// <summary>Nobody fails: every change of a leader is one that the machine's load brought about.</summary>
    private async Task<bool> CountElectionsAsync(NemesisCluster cluster)
    {
        var before = await TermsAsync(cluster);
        await using (var load = await NemesisLoad.StartAsync(cluster, "calm", asked.Seed))
        {
            await load.WaitServedAsync(TimeSpan.FromSeconds(60));
            await Waiting.LastAsync(TimeSpan.FromSeconds(asked.Seconds));
        }
        var terms = await TermsAsync(cluster) - before;
        output.WriteLine($"nobody failed for {asked.Seconds} s, election-ms {asked.ElectionMs}, {asked.Busy} busy "
            + $"threads: {terms} terms passed in {NemesisCluster.Shards} groups");
        return true;
    }

    private static async Task<long> TermsAsync(NemesisCluster cluster) =>
        (await cluster.Api.ShardsAsync()).Sum(shard => shard.LeaderTerm);

    private void Record(string line)
    {
        if (asked.Record)
            File.AppendAllText(Provenance.ResultsFile("nemesis"), line + "\n");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
