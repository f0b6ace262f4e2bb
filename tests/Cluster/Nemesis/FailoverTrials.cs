using System.Globalization;
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
            var (gap, elected) = await LoseLeaderAsync(load);
            gaps.Add(gap);
            log.WriteLine(FormattableString.Invariant(
                $"  {kind} {trial}: {gap:0.000} s, the last of its shards had a new leader after {elected:0.000} s"));
        }
        await load.StopAsync();
        var lost = await load.ReadBackAsync(cluster.Endpoints);
        log.WriteLine($"  {load.Counts}; {load.KeysWritten} keys read back, {lost.Count} lost");
        return lost.Count == 0 ? gaps : throw new InvalidOperationException(string.Join('\n', lost));
    }

    private async Task<(double Gap, double Elected)> LoseLeaderAsync(CheckedLoad load)
    {
        var leader = await cluster.BusiestAsync();
        var led = (await cluster.Api.ShardsAsync()).Where(shard => shard.Leader == $"n{leader + 1}")
            .Select(shard => shard.Id).ToArray();
        load.ResetGaps();
        var lostAt = DateTime.Now.TimeOfDay;
        await LoseAsync(leader);
        await load.WaitServedAsync(Patience);
        await load.WaitServedAsync(Patience);
        var gap = led.Max(shard => load.Histories[shard - 1].LongestGap).TotalSeconds;
        var elected = led.Max(shard => ElectedAfter(shard, lostAt, leader));
        await GiveBackAsync(leader);
        return (gap, elected);
    }

    /// <summary>From the survivors' logs: seconds until one of them led the shard; -1 when none says so.</summary>
    private double ElectedAfter(int shard, TimeSpan lostAt, int leader)
    {
        var lines = cluster.Hosts.Where(host => host != leader).SelectMany(host => cluster[host].Output.Split('\n'))
            .Where(line => line.Contains($"Shard {shard}: Leader in", StringComparison.Ordinal));
        foreach (var line in lines)
        {
            var isTime = TimeSpan.TryParse(line.Split(' ')[0], CultureInfo.InvariantCulture, out var at);
            if (isTime && at >= lostAt)
                return (at - lostAt).TotalSeconds;
        }
        return -1;
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
