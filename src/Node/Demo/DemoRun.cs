using ShardStore.Balancer;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Demo;

/// <summary>One of the two runs: a fresh cluster that knows the trace's past, the load, and one balancer.</summary>
internal sealed class DemoRun(
    DemoScript script, DemoOptions options, DemoCapacity capacity, DemoProgress progress)
{
    /// <summary>If the time to form was not enough, the run starts again with twice of it.</summary>
    private const int Tries = 3;

    private const int FormSecondsLeast = 4;
    private const int ShardsASecond = 5;

    /// <exception cref="IOException">The cluster did not form.</exception>
    public async Task<DemoRunReport> RunAsync(Balancer.BalancerMode mode, CancellationToken stop)
    {
        var formSeconds = FormSeconds(script);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (await TryRunAsync(mode, formSeconds << attempt, stop) is { } report)
                return report;
            stop.ThrowIfCancellationRequested();
        }
        throw new IOException($"the demo's cluster did not form within {formSeconds << (Tries - 1)} s");
    }

    /// <summary>Given to the nodes for forming and to the keys for being set, before the load begins; the history ends
    /// where the load begins, so this must be known ahead.</summary>
    public static int FormSeconds(DemoScript script) => FormSecondsLeast + (script.Shards / ShardsASecond);

    private async Task<DemoRunReport?> TryRunAsync(Balancer.BalancerMode mode, int formSeconds, CancellationToken stop)
    {
        var stepMs = script.StepSeconds * 1000L;
        var startMs = ((NowMs() + (formSeconds * 1000L)) / stepMs * stepMs) + stepMs;
        await using var cluster = await DemoCluster.StartAsync(
            script, options, capacity.Cores, DemoHistory.Encode(script, startMs));
        if (!await cluster.IsFormedAsync(TimeSpan.FromMilliseconds(startMs - NowMs()), stop))
            return null;
        var plan = new DemoLoadPlan(script.Shards, script.WarmUpSeconds + script.ReplaySeconds, script.RateAt);
        using var load = new DemoLoad(new DemoKeys(script.Shards), cluster.Endpoints, plan);
        load.BeginIn(TimeSpan.FromMilliseconds(startMs - NowMs()));
        await load.SeedAsync(stop);
        if (load.ElapsedS > 0)
            return null;
        var watch = new DemoWatch(cluster, load, script.HotNode)
        {
            Looked = share => progress.Tick(
                load.ElapsedS - script.WarmUpSeconds, script.ReplaySeconds, (script.HotNode, share)),
        };
        await ReplayAsync(mode, cluster, (load, watch), stop);
        var view = await cluster.ViewAsync(stop);
        return DemoRunReport.Of(mode, (script, capacity), (load, watch), MovesOf(view, startMs));
    }

    private async Task ReplayAsync(
        Balancer.BalancerMode mode, DemoCluster cluster, (DemoLoad Load, DemoWatch Watch) run, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = run.Watch.RunAsync(over.Token);
        try
        {
            var loading = run.Load.RunAsync(stop);
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, script.WarmUpSeconds - run.Load.ElapsedS)), stop);
            await cluster.SetPolicyAsync(DemoPolicy.Of(mode, script.StepSeconds), stop);
            await loading;
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private DemoMove[] MovesOf(MetaView view, long startMs) =>
    [
        .. view.Migrations.Select(move => new DemoMove
        {
            Kind = move.Kind == MoveKind.LeaderTransfer ? DemoMove.LeaderKind : DemoMove.ReplicaKind,
            Shard = move.Shard,
            From = move.From,
            To = move.To,
            StartS = ReplayS(move.StartedMs, startMs),
            EndS = move.IsOver ? ReplayS(move.EndedMs, startMs) : null,
            Outcome = move.Stage.ToString(),
            Why = move.Reason,
        }),
    ];

    private double ReplayS(long unixMs, long startMs) => ((unixMs - startMs) / 1000.0) - script.WarmUpSeconds;

    private static long NowMs() => SystemClock.Instance.WallMs;
}
