using ShardStore.Cluster.Tests.Load;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>The busiest node is lost again and again. A trial's figure is the longest time without an acknowledged
/// write of the shards that it led, as the SDK's callers on them see it, at default settings.</summary>
internal sealed class FailoverTrials(NemesisCluster cluster, FailoverKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<IReadOnlyList<double>> RunAsync(int trials, TextWriter log)
    {
        var gaps = new List<double>();
        var shape = new LoadShape
        {
            Name = kind.ToString(),
            Shards = NemesisCluster.Shards,
            WorkersAShard = 2,
            ValueBytes = 100,
        };
        await using var load = await CheckedLoad.StartAsync(cluster.Endpoints, shape);
        for (var trial = 1; trial <= trials; trial++)
        {
            await cluster.WaitHealthyAsync();
            await load.WaitServedAsync(Patience);
            gaps.Add(await LoseLeaderAsync(load));
            log.WriteLine(FormattableString.Invariant($"  {kind} {trial}: {gaps[^1]:0.000} s"));
        }
        await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        log.WriteLine($"  {load.Counts}; {load.KeysWritten} keys read back, {lost.Count} lost");
        return lost.Count == 0 ? gaps : throw new InvalidOperationException(string.Join('\n', lost));
    }

    private async Task<double> LoseLeaderAsync(CheckedLoad load)
    {
        var leader = await cluster.BusiestAsync();
        var led = (await cluster.Api.ShardsAsync()).Where(shard => shard.Leader == $"n{leader + 1}")
            .Select(shard => load.Histories[shard.Id - 1]).ToArray();
        load.ResetGaps();
        await LoseAsync(leader);
        await load.WaitServedAsync(Patience);
        await load.WaitServedAsync(Patience);
        var gap = led.Max(history => history.LongestGap).TotalSeconds;
        await GiveBackAsync(leader);
        return gap;
    }

    private Task LoseAsync(int leader)
    {
        if (kind == FailoverKind.Kill)
            return cluster.KillAsync(leader);
        if (kind == FailoverKind.Stall)
            return cluster.Disks[leader].FreezeAsync();
        cluster.Lan.CutOff(leader);
        return Task.CompletedTask;
    }

    private Task GiveBackAsync(int leader)
    {
        if (kind == FailoverKind.Stall)
            return cluster.Disks[leader].ThawAsync();
        if (kind == FailoverKind.Kill)
            cluster.Start(leader);
        else
            cluster.Lan.Heal(leader);
        return Task.CompletedTask;
    }
}
