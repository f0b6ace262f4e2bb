using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Perf;

namespace ShardStore.Micro;

/// <summary>Planning rounds of a cluster as large as is asked for, with what the whole process takes of memory: a
/// benchmark's many runs in one process could not tell.</summary>
internal static class LargeRounds
{
    private const long NowMs = 1_700_000_000_000;
    private const int Rounds = 5;

    /// <param name="sizes">Nodes, shards and hot nodes of each, as in 10000x1000000x300.</param>
    /// <param name="isRecorded">Whether lines go to perf/results/planner.ndjson.</param>
    public static int Run(IReadOnlyList<string> sizes, bool isRecorded)
    {
        foreach (var size in sizes.Count > 0 ? sizes : ["100x10000x10", "1000x100000x50", "10000x1000000x300"])
        {
            int[] parts = [.. size.Split('x').Select(part => int.TryParse(part, out var number) ? number : -1)];
            if (parts is not [>= 4, >= 1, >= 0])
            {
                Console.Error.WriteLine($"--large: '{size}' is no size; NODESxSHARDSxHOT is, with 4 nodes or more.");
                return 2;
            }
            var line = Measure(parts[0], parts[1], parts[2]);
            Console.WriteLine(line);
            if (isRecorded)
                File.AppendAllText(Provenance.ResultsFile("planner"), line + "\n");
        }
        return 0;
    }

    private static string Measure(int nodes, int shards, int hot)
    {
        var snapshot = LargeCluster.Build(nodes, shards, hot);
        var snapshotBytes = GC.GetTotalMemory(forceFullCollection: true);
        var (seconds, allocated) = (new double[Rounds], 0L);
        var decision = Planner.Decide(snapshot, NowMs, 1);
        for (var round = 0; round < Rounds; round++)
        {
            var (before, started) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
            decision = Planner.Decide(snapshot, NowMs, 1);
            seconds[round] = (Environment.CpuUsage.TotalTime - started).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        Array.Sort(seconds);
        return JsonSerializer.Serialize(new
        {
            at = Provenance.At,
            commit = Provenance.Commit,
            machine = Provenance.Machine,
            nodes,
            shards,
            endangered = decision.Outlooks.Count(outlook => outlook.Probability > 0.1),
            rows = decision.Recommendations.Length,
            cpuSecondsMedian = Math.Round(seconds[Rounds / 2], 3),
            cpuSecondsMax = Math.Round(seconds[^1], 3),
            allocatedMiB = allocated >> 20,
            snapshotMiB = snapshotBytes >> 20,
            peakMiB = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
            rejections = string.Join(", ", decision.Rejections.Select(
                count => string.Create(CultureInfo.InvariantCulture, $"{count.Reason} {count.Count}"))),
        });
    }
}
