using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>One replay on a fresh cluster that is told the days before.</summary>
/// <param name="plan">What is replayed.</param>
/// <param name="start">Starts a cluster whose nodes have so many cores.</param>
internal sealed class ForesightRun(ReplayPlan plan, Func<double, Task<ReplayedCluster>> start)
{
    /// <summary>The policy's by default: that part of the capacity is the limit.</summary>
    private const double Threshold = 0.8;

    private const double CapacityMin = 0.05;
    private const int CompilingSeconds = 20;

    /// <summary>A replay only to see what the machine takes for it: twice as fast, and nothing is judged.</summary>
    public async Task<NodeCost> CalibrateAsync()
    {
        const double speedUp = 2;
        await using var cluster = await start(1);
        await using var replay = await cluster.ReplayAsync(plan, speedUp);
        await replay.EndAsync();
        return CostOf(await DemandAsync(cluster), await UseAsync(cluster), (AllOf(replay), Cores: 1));
    }

    /// <param name="name">For the report.</param>
    /// <param name="cost">Of the hot node's demand, to choose a capacity by.</param>
    public async Task<ForesightResult> RunAsync(string name, NodeCost cost)
    {
        var capacity = Math.Round(Math.Max(CapacityMin, cost.Cores(plan.OpsAtLimit) / Threshold), 3);
        await using var cluster = await start(capacity);
        await cluster.SetPolicyAsync();
        await using var replay = await cluster.ReplayAsync(plan);
        await cluster.ImportAsync(plan.HistoryText(replay.BeganUnixMs));
        var watch = new ForesightWatch(cluster.Api);
        using var over = new CancellationTokenSource();
        var watching = watch.RunAsync(over.Token);
        string[] bench;
        try
        {
            bench = await replay.EndAsync();
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
        var result = ResultOf(watch, (await DemandAsync(cluster), await UseAsync(cluster)), capacity, replay);
        return result with
        {
            Name = name,
            Bench = string.Join(", ", bench),
            Disturbance = await cluster.IsLaidOutAsync() ? result.Disturbance : "leaders changed",
        };
    }

    private ForesightResult ResultOf(
        ForesightWatch watch, (Dictionary<int, MeasuredSteps> Demand, Dictionary<string, MeasuredSteps> Use) came,
        double capacity, Replay replay)
    {
        var range = RangeOf(replay);
        var hotNode = ReplayedCluster.NameOf(plan.HotNode);
        var judges = watch.Outlooks.GroupBy(outlook => outlook.Node).ToDictionary(
            outlooks => outlooks.Key, outlooks => new BreachJudge([.. outlooks], came.Use[outlooks.Key], range));
        var breach = judges[hotNode].BreachMs();
        ForecastErrors Demand(int ahead) => ForecastErrors.OfDemand(watch.Demand, came.Demand, ahead, range);
        ForecastErrors Use(int ahead) => ForecastErrors.OfUse(watch.Outlooks, came.Use, ahead, range);
        return new ForesightResult
        {
            Name = "",
            HotShard = plan.HotShard,
            HotNode = hotNode,
            CapacityCores = capacity,
            DemandFar = Demand(ReplayPlan.Horizon),
            DemandNear = Demand(ForesightResult.NearSteps),
            UseFar = Use(ReplayPlan.Horizon),
            UseNear = Use(ForesightResult.NearSteps),
            BreachMinutes = breach is { } at ? Minutes(at - range.FromMs) : null,
            LeadMinutes = breach is { } then ? Minutes(judges[hotNode].LeadMs(then)) : 0,
            OffMinutes = breach is { } moment && judges[hotNode].OffMs(moment) is { } off ? Minutes(off) : null,
            Calls = judges.Values.Aggregate(default(CallCounts), (sum, judge) => sum.With(judge.Count())),
            Cost = CostOf(came.Demand, came.Use, (AllOf(replay), capacity)),
            Disturbance = watch.Unanswered > 0 ? $"{watch.Unanswered} times no answer" : "",
            Bench = "",
        };
    }

    /// <summary>What counts: after the warm-up, and until the load ends.</summary>
    private static TimeRange RangeOf(Replay replay) => new(
        replay.BeganUnixMs + (ReplayPlan.WarmUpSteps * ReplayPlan.StepSeconds * 1000L),
        replay.BeganUnixMs + (replay.Seconds * 1000L));

    /// <summary>What tells the cost of the load: all but the first compiling.</summary>
    private static TimeRange AllOf(Replay replay) => new(
        replay.BeganUnixMs + (CompilingSeconds * 1000), replay.BeganUnixMs + (replay.Seconds * 1000L));

    /// <summary>Of the trace, whose steps are five minutes long.</summary>
    private static double Minutes(long milliseconds) =>
        milliseconds / 60_000.0 * (DayLoad.StepSeconds / ReplayPlan.StepSeconds);

    private static async Task<Dictionary<int, MeasuredSteps>> DemandAsync(ReplayedCluster cluster) =>
        (await cluster.MeasuredAsync("shard", "opsPerSecond")).ToDictionary(view => view.Id, MeasuredSteps.Of);

    private static async Task<Dictionary<string, MeasuredSteps>> UseAsync(ReplayedCluster cluster) =>
        (await cluster.MeasuredAsync("node", "cpuShare"))
            .ToDictionary(view => ReplayedCluster.NameOf(view.Id), MeasuredSteps.Of);

    private NodeCost CostOf(
        Dictionary<int, MeasuredSteps> demand, Dictionary<string, MeasuredSteps> use,
        (TimeRange Range, double Cores) run)
    {
        var hotNode = use[ReplayedCluster.NameOf(plan.HotNode)];
        var points = new List<(double, double)>();
        foreach (var at in hotNode.Within(run.Range))
        {
            double Sum(bool isLed) => demand
                .Where(shard => ReplayPlan.LeaderOf(shard.Key) == plan.HotNode == isLed)
                .Sum(shard => shard.Value.At(at) ?? 0);
            if (hotNode.SmoothAt(at) is { } share)
                points.Add((NodeCost.Weighed(Sum(isLed: true), Sum(isLed: false)), share * run.Cores));
        }
        return NodeCost.Fit(points);
    }
}
