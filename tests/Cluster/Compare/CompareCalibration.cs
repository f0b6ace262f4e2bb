using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>Measures what a request costs a node on this machine, now: on a cluster like those of the runs, with its
/// history and forecasts, but without a limit, and an even load that stands on two heights. It only chooses how much
/// demand the rounds make; nothing is judged by it.</summary>
internal sealed class CompareCalibration(ComparePlan plan, Func<CompareShape, Task<CompareCluster>> start)
{
    /// <summary>Where measuring begins from, to choose a load at all. Units: cores, and cores for a request a
    /// second.</summary>
    public static readonly NodeCost Assumed = new(0.03, 0.0012);

    /// <summary>Processes compile; then a height each.</summary>
    private const int WarmUpSeconds = 20;
    private const int PartSeconds = 12;

    /// <summary>Left out at the beginning of each part, until the load has settled.</summary>
    private const int SettleSeconds = 3;

    /// <summary>Of the capacity, if a request cost what is assumed.</summary>
    private const double HighShare = 0.65;
    private const double LowPart = 0.35;

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    /// <summary>Cores of a node without demand, and of a request a second.</summary>
    /// <exception cref="IOException">More requests did not take more CPU.</exception>
    public async Task<NodeCost> MeasureAsync()
    {
        var script = plan.Script;
        await using var cluster = await start(CompareRun.ShapeOf(plan));
        var perShard = ((HighShare * plan.CapacityCores) - Assumed.Idle) / Assumed.PerOp * script.Nodes / script.Shards;
        const int seconds = WarmUpSeconds + (2 * PartSeconds);
        double RateAt(double second) =>
            second is >= WarmUpSeconds and < WarmUpSeconds + PartSeconds ? LowPart * perShard : perShard;
        using var load = new CompareLoad(
            cluster.Endpoints, new DemoLoadPlan(script.Shards, seconds, (_, second) => RateAt(second)));
        await load.SeedAsync();
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var beganMs = CompareRun.StepAfter(nowMs, script.StepSeconds);
        load.BeginIn(TimeSpan.FromMilliseconds(beganMs - nowMs));
        var loading = load.RunAsync(CancellationToken.None);
        await Waiting.LastAsync(TimeSpan.FromSeconds(-Math.Min(0, load.ElapsedS)));
        await cluster.ImportAsync(plan.HistoryText(beganMs));
        await loading;
        await Waiting.LastAsync(Afterwards);
        var use = new NodeUse(cluster.NodeApis);
        await use.ReadAsync();
        return CostOf(use, beganMs / 1000, RateAt);
    }

    private NodeCost CostOf(NodeUse use, long beganS, Func<double, double> rateAt)
    {
        var points = new List<(double Ops, double Cores)>();
        foreach (var part in new[] { WarmUpSeconds, WarmUpSeconds + PartSeconds })
        {
            for (var second = part + SettleSeconds; second < part + PartSeconds; second++)
            {
                for (var node = 1; node <= plan.Script.Nodes; node++)
                {
                    var led = Enumerable.Range(1, plan.Script.Shards)
                        .Count(shard => plan.Script.LeaderOf(shard) == node);
                    if (use.At(node, beganS + second) is { } share)
                        points.Add((led * rateAt(second), share * plan.CapacityCores));
                }
            }
        }
        var cost = points.Count > 0 ? NodeCost.Fit(points) : new NodeCost(0, 0);
        return cost.PerOp > 0
            ? cost with { Idle = Math.Max(0, cost.Idle) }
            : throw new IOException($"{points.Count} seconds of nodes do not tell what a request costs: the machine is "
                + "too busy");
    }
}
