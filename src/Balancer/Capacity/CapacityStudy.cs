using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Capacity;

/// <summary>
/// Lives through the next days of a running cluster twice: as it is, and as it would be after a change. The simulator
/// is that of <see cref="SimulationRun"/>, with the planner of the product, the policy's own mode, and the forecasters
/// that cost next to nothing. Demand comes from <see cref="DemandProjection"/>.
/// </summary>
public sealed class CapacityStudy
{
    public const int DaysMax = 14;
    public const int AddedMax = 64;

    /// <summary>Less history than a day says little of days to come. Where steps are so short that a cluster does not
    /// keep a day of them, so many are enough.</summary>
    private const int HistoryStepsEnough = 1440;

    /// <summary>And never fewer than the forecasters need to begin.</summary>
    private const int HistoryStepsMin = 24;

    private readonly CapacityInput _input;
    private readonly CapacityChange _change;
    private readonly CapacityCluster _cluster;
    private readonly BalancingPolicy _nextPolicy;
    private readonly DemandTable _demand;
    private readonly DemandTable _nextDemand;

    /// <exception cref="CapacityException">The question has no answer.</exception>
    public CapacityStudy(CapacityInput input, CapacityChange change)
    {
        Check(input, change);
        (_input, _change) = (input.Coarse(), change);
        _cluster = new CapacityCluster(input.Snapshot);
        _nextPolicy = change.Policy ?? input.Snapshot.Policy;
        _demand = DemandProjection.Of(_input, input.Snapshot.Policy);
        _nextDemand = change.Policy is null ? _demand : DemandProjection.Of(_input, _nextPolicy);
    }

    /// <summary>Calls of <paramref name="advanced"/> in <see cref="Run"/>.</summary>
    public int Rounds => SimulationRun.Rounds(_demand) + SimulationRun.Rounds(_nextDemand);

    /// <param name="advanced">Called after every step; may throw to stop.</param>
    public CapacityOutcome Run(Action advanced)
    {
        var policy = _input.Snapshot.Policy;
        var asIs = _cluster.With(new CapacityChange(), policy, _demand.HistorySteps);
        var changed = _cluster.With(_change, _nextPolicy, _nextDemand.HistorySteps);
        var now = Live(_demand, asIs, [SimulatedStrategy.Off, StrategyOf(policy)], advanced);
        var then = Live(_nextDemand, changed, [StrategyOf(_nextPolicy)], advanced);
        return new CapacityOutcome
        {
            StartMs = StartMs(_demand),
            DayMs = _input.DaySteps * _input.StepSeconds * 1000,
            RepeatedDays = (double)DemandProjection.Period(_input) / _input.DaySteps,
            GrowthPerDay = DemandProjection.GrowthPerDay(_input, _nextDemand),
            Unmoved = Case(_demand, asIs, BalancerMode.Off, now[0]),
            Now = Case(_demand, asIs, policy.Mode, now[^1]),
            WhatIf = Case(_nextDemand, changed, _nextPolicy.Mode, then[^1]),
            Change = _change,
            DrainedIndex = _input.Snapshot.Nodes.Count(node => node.Id < _change.Drained),
            AddedCores = _cluster.AddedCores,
        };
    }

    private static void Check(CapacityInput input, CapacityChange change)
    {
        if (input.Days is < 1 or > DaysMax)
            throw new CapacityException($"{input.Days} days are not allowed; 1 to {DaysMax} are");
        if (change.AddedNodes is < 0 or > AddedMax)
            throw new CapacityException($"{change.AddedNodes} more nodes are not allowed; 1 to {AddedMax} are");
        if (input.Snapshot.Shards.IsEmpty)
            throw new CapacityException("the cluster has no shards yet");
        var nodes = input.Snapshot.Nodes;
        if (!change.Drained.IsNone && !nodes.Any(node => node.Id == change.Drained))
            throw new CapacityException($"node {change.Drained} is not a node of the cluster");
        var needed = Math.Clamp(input.DaySteps, HistoryStepsMin, HistoryStepsEnough);
        if (input.HistorySteps < needed || input.History.Count == 0)
        {
            throw new CapacityException(
                $"no history yet: {input.HistorySteps} steps of {input.StepSeconds:0} s are known, and {needed} are "
                + "needed; ask again later, or give the cluster its history with `ctl series import FILE`");
        }
        CheckHolders(input.Snapshot, change);
    }

    /// <summary>Somebody must be able to hold every copy.</summary>
    private static void CheckHolders(ClusterSnapshot snapshot, CapacityChange change)
    {
        var copies = snapshot.Shards.Max(shard => shard.Replicas.Count(replica => replica.IsVoter));
        var left = change.AddedNodes + snapshot.Nodes.Count(node =>
            node.State != NodeState.Down && !node.IsLeaving && node.Id != change.Drained);
        if (!change.Drained.IsNone && left < copies)
        {
            throw new CapacityException(
                $"{left} nodes would be left for {copies} copies of each shard; at least {copies} are needed: add some "
                + "with --nodes");
        }
    }

    private static SimulatedStrategy StrategyOf(BalancingPolicy policy) => policy.Mode switch
    {
        BalancerMode.Off => SimulatedStrategy.Off,
        BalancerMode.Reactive => SimulatedStrategy.Reactive,
        _ => SimulatedStrategy.Predictive,
    };

    private static IReadOnlyList<SimulationResult> Live(
        DemandTable demand, SimulatedCluster cluster, SimulatedStrategy[] strategies, Action advanced) =>
        new SimulationRun(demand, [cluster], strategies).Run(() => new DemandForecaster([]), advanced);

    private static long StartMs(DemandTable demand) => demand.TickMs(demand.HistorySteps * demand.TicksPerStep);

    private CapacityCase Case(
        DemandTable demand, SimulatedCluster cluster, BalancerMode mode, SimulationResult result)
    {
        var threshold = cluster.Policy.Triggers.Threshold;
        var (full, missing) = _cluster.Shortage(demand, cluster.Design, threshold);
        return new CapacityCase
        {
            Nodes = cluster.Design.Nodes,
            Score = result.Score,
            NodeScores = result.Nodes,
            Names = Names(cluster.Design.Nodes),
            Threshold = threshold,
            Mode = mode,
            FullMs = full is { } step ? demand.TickMs(step * demand.TicksPerStep) : null,
            MissingNodes = missing,
            Days = _input.Days,
        };
    }

    private string[] Names(int nodes)
    {
        var known = _input.Snapshot.Nodes.Select(node => node.Id).Order().Select(id => _input.Names[id]).ToArray();
        return [.. known, .. Enumerable.Range(1, nodes - known.Length).Select(added => $"new-{added}")];
    }
}
