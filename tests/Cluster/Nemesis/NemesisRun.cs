using System.Diagnostics;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>One fault again and again for a time, on one cluster, under load and moves, and the judgement of all that
/// the clients saw.</summary>
internal sealed class NemesisRun(NemesisCluster cluster, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private int _number;

    /// <summary>Part of a fault's usual time that it lasts: less for a short test.</summary>
    public double HoldShare { get; init; } = 1;

    public async Task<NemesisResult> RunAsync(Fault fault, TimeSpan time)
    {
        var random = new Random(seed + (++_number * 1_000));
        var gaps = new List<double>();
        var (runs, fired) = (0, 0);
        await cluster.WaitHealthyAsync();
        await using var load = await NemesisLoad.StartAsync(cluster, $"{fault.Name}{_number}", random.Next());
        await load.WaitServedAsync(Patience);
        int moves;
        await using (var moving = new MovingShards(cluster, random.Next(), TimeSpan.FromMilliseconds(500)))
        {
            var began = Stopwatch.GetTimestamp();
            do
            {
                load.ResetGaps();
                runs++;
                fired += await FireOnceAsync(fault, random, load) ? 1 : 0;
                gaps.Add(load.LongestGap.TotalSeconds);
                await cluster.WaitHealthyAsync();
            }
            while (Stopwatch.GetElapsedTime(began) < time);
            moves = moving.Started;
        }
        await load.StopAsync();
        return new NemesisResult(fault.Name, runs, fired, HistoryVerdict.Of(load.History.ByKey()))
        {
            Operations = load.History.Operations,
            Independent = load.Independent,
            Acknowledged = load.History.Acknowledged,
            Unknown = load.History.Unknown,
            Moves = moves,
            GapSeconds = gaps,
        };
    }

    private async Task<bool> FireOnceAsync(Fault fault, Random random, NemesisLoad load)
    {
        var scene = new Scene(cluster, random);
        await fault.Fire(scene);
        var holdMs = random.Next(fault.HoldMs.FromMs, fault.HoldMs.ToMs + 1);
        await Waiting.LastAsync(TimeSpan.FromMilliseconds(holdMs * HoldShare));
        var hasBitten = await fault.Heal(scene);
        await load.WaitServedAsync(Patience);
        return hasBitten;
    }
}
