using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Demo;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>Measures what a request costs a node on this machine, now: on a cluster like those of the runs, with its
/// history, forecasts and limit, under an even load that stands on two heights. It only chooses how much demand the
/// rounds make; nothing is judged by it.</summary>
internal sealed class CompareCalibration(ComparePlan plan, Func<CompareShape, Task<CompareCluster>> start)
{
    /// <summary>Where measuring begins from, to choose a load at all. Units: cores, and cores for a request a
    /// second.</summary>
    public static readonly NodeCost Assumed = new(0.03, 0.0012);

    /// <summary>Processes compile in the first try; the others only begin.</summary>
    private const int FirstWarmUpSeconds = 20;
    private const int WarmUpSeconds = 4;

    /// <summary>Of each height.</summary>
    private const int PartSeconds = 12;

    /// <summary>Left out at the beginning of each part, until the load has settled.</summary>
    private const int SettleSeconds = 3;

    /// <summary>Of the capacity, by what is known so far; and the lower height as a part of the demand of the higher
    /// one.</summary>
    private const double HighShare = 0.6;
    private const double LowPart = 0.35;

    /// <summary>A machine that was busy for some seconds looks cheap or dear: measured until two tries in a row agree
    /// to this part of their size.</summary>
    private const double DifferenceMax = 0.1;

    /// <summary>Then the last two count as they are, and the rounds tell if they were different.</summary>
    private const int TriesMost = 5;

    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    /// <summary>Cores of a node without demand, and of a request a second.</summary>
    /// <exception cref="IOException">More requests did not take more CPU.</exception>
    public async Task<NodeCost> MeasureAsync()
    {
        await using var cluster = await start(CompareRun.ShapeOf(plan));
        var tries = new List<NodeCost> { await TryAsync(cluster, Assumed, isFirst: true) };
        cluster.LimitCpu(plan.CapacityCores);
        do
        {
            tries.Add(await TryAsync(cluster, tries[^1], isFirst: false));
        }
        while (tries.Count < TriesMost && !Agree(tries[^2].PerOp, tries[^1].PerOp));
        var cost = new NodeCost((tries[^2].Idle + tries[^1].Idle) / 2, (tries[^2].PerOp + tries[^1].PerOp) / 2);
        return cost.PerOp > 0
            ? cost with { Idle = Math.Max(0, cost.Idle) }
            : throw new IOException("more requests take no more CPU: the machine is too busy to tell what one costs");
    }

    /// <summary>Whether two measurements say the same.</summary>
    public static bool Agree(double one, double other) =>
        one > 0 && other > 0 && Math.Abs(one - other) <= DifferenceMax * Math.Max(one, other);

    /// <summary>Requests a second to each node that should take it to <see cref="HighShare"/>. Where nothing is known,
    /// as many as if it were what is assumed.</summary>
    public static double HighRate(NodeCost known, double capacityCores)
    {
        var cost = known.PerOp > 0 ? known : Assumed;
        // A node that is said to need most of its capacity for nothing is still asked for something.
        var room = Math.Max((HighShare * capacityCores) - Math.Max(0, cost.Idle), 0.1 * capacityCores);
        return room / cost.PerOp;
    }

    private async Task<NodeCost> TryAsync(CompareCluster cluster, NodeCost known, bool isFirst)
    {
        var script = plan.Script;
        var high = HighRate(known, plan.CapacityCores) * script.Nodes / script.Shards;
        var warmUp = isFirst ? FirstWarmUpSeconds : WarmUpSeconds;
        var heights = new LoadHeights(high, LowPart * high, warmUp, warmUp + PartSeconds);
        using var load = new CompareLoad(cluster.Endpoints, new DemoLoadPlan(
            script.Shards, warmUp + (2 * PartSeconds), (_, second) => heights.RateAt(second)));
        await load.SeedAsync();
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var beganMs = CompareRun.StepAfter(nowMs, script.StepSeconds);
        load.BeginIn(TimeSpan.FromMilliseconds(beganMs - nowMs));
        var loading = load.RunAsync(CancellationToken.None);
        if (isFirst)
        {
            await Waiting.LastAsync(TimeSpan.FromSeconds(-Math.Min(0, load.ElapsedS)));
            await cluster.ImportAsync(plan.HistoryText(beganMs));
        }
        await loading;
        await Waiting.LastAsync(Afterwards);
        var use = new NodeUse(cluster.NodeApis);
        await use.ReadAsync();
        return CostOf(use, beganMs / 1000, heights);
    }

    private NodeCost CostOf(NodeUse use, long beganS, LoadHeights heights)
    {
        var points = new List<(double Ops, double Cores)>();
        foreach (var part in new[] { heights.LowFrom, heights.LowTo })
        {
            for (var second = part + SettleSeconds; second < part + PartSeconds; second++)
            {
                for (var node = 1; node <= plan.Script.Nodes; node++)
                {
                    var led = Enumerable.Range(1, plan.Script.Shards)
                        .Count(shard => plan.Script.LeaderOf(shard) == node);
                    if (use.At(node, beganS + second) is { } share)
                        points.Add((led * heights.RateAt(second), share * plan.CapacityCores));
                }
            }
        }
        return points.Count > 0 ? NodeCost.Fit(points) : new NodeCost(0, 0);
    }

    /// <summary>Demand on each shard: high, low for a time, and high again.</summary>
    private readonly record struct LoadHeights(double High, double Low, int LowFrom, int LowTo)
    {
        public double RateAt(double second) => second >= LowFrom && second < LowTo ? Low : High;
    }
}
