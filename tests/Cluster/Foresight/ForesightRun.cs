using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>One replay on a fresh cluster that is told the days before.</summary>
/// <param name="plan">What is replayed.</param>
/// <param name="start">Starts the cluster.</param>
internal sealed class ForesightRun(ReplayPlan plan, Func<Task<ReplayedCluster>> start)
{
    private const double FirstThreshold = 1;
    private const double ThresholdMin = 0.1;
    private const int CompilingSteps = 15;

    /// <summary>Before what is judged begins, so that its first outlook knows the limit.</summary>
    private const int LimitAtStep = ReplayPlan.WarmUpSteps - 8;

    /// <param name="name">For the report.</param>
    public async Task<ForesightResult> RunAsync(string name)
    {
        await using var cluster = await start();
        await cluster.SetPolicyAsync(FirstThreshold);
        await using var replay = await cluster.ReplayAsync(plan);
        await cluster.ImportAsync(plan.HistoryText(replay.BeganUnixMs));
        var watch = new ForesightWatch(cluster.Api);
        using var over = new CancellationTokenSource();
        var watching = watch.RunAsync(over.Token);
        string[] bench;
        double limit;
        try
        {
            limit = await SetLimitAsync(cluster, replay);
            bench = await replay.EndAsync();
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
        var result = ResultOf(watch, (await DemandAsync(cluster), await UseAsync(cluster)), limit, replay);
        return result with
        {
            Name = name,
            Bench = string.Join(", ", bench),
            Disturbance = await cluster.IsLaidOutAsync() ? result.Disturbance : "leaders changed",
        };
    }

    private ForesightResult ResultOf(
        ForesightWatch watch, (Dictionary<int, MeasuredSteps> Demand, Dictionary<string, MeasuredSteps> Use) came,
        double limit, Replay replay)
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
            LimitCores = limit * ReplayedCluster.CapacityCores,
            DemandFar = Demand(ReplayPlan.Horizon),
            DemandNear = Demand(ForesightResult.NearSteps),
            UseFar = Use(ReplayPlan.Horizon),
            UseNear = Use(ForesightResult.NearSteps),
            BreachMinutes = breach is { } at ? Minutes(at - range.FromMs) : null,
            LeadMinutes = breach is { } then ? Minutes(judges[hotNode].LeadMs(then)) : 0,
            OffMinutes = breach is { } moment && judges[hotNode].OffMs(moment) is { } off ? Minutes(off) : null,
            Calls = judges.Values.Aggregate(default(CallCounts), (sum, judge) => sum.With(judge.Count())),
            Disturbance = watch.Unanswered > 0 ? $"{watch.Unanswered} times no answer" : "",
            Bench = "",
        };
    }

    /// <summary>What the machine takes for an operation depends on what else it does, so the limit is put where the hot
    /// node of this very run will come to in the rise, by what it took so far. Unit: share of the capacity.</summary>
    private async Task<double> SetLimitAsync(ReplayedCluster cluster, Replay replay)
    {
        var at = replay.At(LimitAtStep);
        await Waiting.LastAsync(TimeSpan.FromMilliseconds(at - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        var cost = CostOf(
            await DemandAsync(cluster), await UseAsync(cluster), new TimeRange(replay.At(CompilingSteps), at));
        var limit = Math.Round(Math.Clamp(cost.Share(plan.OpsAtLimit), ThresholdMin, 1), 3);
        await cluster.SetPolicyAsync(limit);
        return limit;
    }

    /// <summary>What counts: after the warm-up, and until the load ends.</summary>
    private static TimeRange RangeOf(Replay replay) => new(
        replay.At(ReplayPlan.WarmUpSteps), replay.At(ReplayPlan.Steps));

    /// <summary>Of the trace, whose steps are five minutes long.</summary>
    private static double Minutes(long milliseconds) =>
        milliseconds / 60_000.0 * (DayLoad.StepSeconds / ReplayPlan.StepSeconds);

    private static async Task<Dictionary<int, MeasuredSteps>> DemandAsync(ReplayedCluster cluster) =>
        (await cluster.MeasuredAsync("shard", "opsPerSecond")).ToDictionary(view => view.Id, MeasuredSteps.Of);

    private static async Task<Dictionary<string, MeasuredSteps>> UseAsync(ReplayedCluster cluster) =>
        (await cluster.MeasuredAsync("node", "cpuShare"))
            .ToDictionary(view => ReplayedCluster.NameOf(view.Id), MeasuredSteps.Of);

    private NodeCost CostOf(
        Dictionary<int, MeasuredSteps> demand, Dictionary<string, MeasuredSteps> use, TimeRange range)
    {
        var hotNode = use[ReplayedCluster.NameOf(plan.HotNode)];
        var points = new List<(double, double)>();
        foreach (var at in hotNode.Within(range))
        {
            double Sum(bool isLed) => demand
                .Where(shard => ReplayPlan.LeaderOf(shard.Key) == plan.HotNode == isLed)
                .Sum(shard => shard.Value.At(at) ?? 0);
            if (hotNode.SmoothAt(at) is { } share)
                points.Add((NodeCost.Weighed(Sum(isLed: true), Sum(isLed: false)), share));
        }
        return NodeCost.Fit(points);
    }
}
