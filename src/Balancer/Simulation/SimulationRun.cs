using System.Collections.Immutable;
using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Learning;

namespace ShardStore.Balancer.Simulation;

/// <summary>What came of one cluster under one strategy.</summary>
/// <param name="Cluster">Index of the cluster among those of the run.</param>
/// <param name="Timeline">Of the first cluster only, and where it was asked for.</param>
public sealed record SimulationResult(
    int Cluster, SimulatedStrategy Strategy, SimulationScore Score, SimulationTimeline? Timeline)
{
    /// <summary>In their order.</summary>
    public required IReadOnlyList<NodeScore> Nodes { get; init; }
}

/// <summary>
/// Runs clusters under strategies side by side through one demand, tick by tick. Forecasting is the dear part and
/// depends on the demand alone, so each round of it serves all of them.
/// </summary>
public sealed class SimulationRun
{
    private readonly DemandTable _demand;
    private readonly List<(int Cluster, SimulationLane Lane, SimulationTimeline? Timeline)> _lanes = [];
    private readonly PerfectForecasts? _perfect;
    private readonly PredictiveParts _parts = PredictiveParts.All;

    /// <param name="demand">What clients ask.</param>
    /// <param name="clusters">At least one.</param>
    /// <param name="strategies">Each cluster is run under each of them.</param>
    /// <param name="withTimelines">Whether the first cluster's runs are to be drawn.</param>
    /// <param name="parts">What predictive works with; null: all of it.</param>
    public SimulationRun(
        DemandTable demand, IReadOnlyList<SimulatedCluster> clusters, IReadOnlyList<SimulatedStrategy> strategies,
        bool withTimelines = false, PredictiveParts? parts = null)
    {
        (_demand, _parts) = (demand, parts ?? PredictiveParts.All);
        var ticks = demand.ScoredSteps * demand.TicksPerStep;
        for (var i = 0; i < clusters.Count; i++)
        {
            foreach (var strategy in strategies)
            {
                var timeline = withTimelines && i == 0
                    ? new SimulationTimeline(clusters[i].Design.Nodes, ticks, demand.TickSeconds)
                    : null;
                var knobs = strategy == SimulatedStrategy.Learned ? Tuner(clusters[i]) : null;
                var lane = new SimulationLane(clusters[i], strategy, timeline, knobs)
                {
                    Parts = strategy == SimulatedStrategy.Predictive ? _parts : PredictiveParts.All,
                };
                _lanes.Add((i, lane, timeline));
            }
        }

        _perfect = strategies.Contains(SimulatedStrategy.Oracle)
            ? new PerfectForecasts(demand, clusters[0].Policy)
            : null;
    }

    /// <summary>One predictive cluster a pair, with knobs in other hands: an agent's, or those of somebody who tries
    /// settings.</summary>
    internal SimulationRun(DemandTable demand, IReadOnlyList<(SimulatedCluster Cluster, ILaneKnobs Knobs)> clusters)
    {
        _demand = demand;
        for (var i = 0; i < clusters.Count; i++)
        {
            var (cluster, knobs) = clusters[i];
            _lanes.Add((i, new SimulationLane(cluster, SimulatedStrategy.Predictive, null, knobs), null));
        }
    }

    /// <summary>Steps that a run takes, for whoever tells how far it is.</summary>
    public static int Rounds(DemandTable demand) => RunIn(demand) + demand.ScoredSteps;

    internal IEnumerable<SimulationLane> Lanes => _lanes.Select(lane => lane.Lane);

    /// <param name="forecaster">A new one: it has seen no series. Asked only where a cluster is balanced on forecasts.
    /// </param>
    /// <param name="advanced">Called after every step; may throw to stop.</param>
    public IReadOnlyList<SimulationResult> Run(Func<DemandForecaster> forecaster, Action advanced)
    {
        var forecasts = _lanes.Any(lane => NeedsForecasts(lane.Lane.Strategy))
            ? new ShardForecasts(_demand, ForecasterOf(forecaster))
            : null;
        var before = new double[_demand.Shards];
        var ops = new double[_demand.Shards];
        for (var step = _demand.HistorySteps - RunIn(_demand); step < _demand.Steps; step++)
        {
            forecasts?.Forecast(step);
            for (var part = 0; part < _demand.TicksPerStep; part++)
            {
                var tick = (step * _demand.TicksPerStep) + part;
                Fill(before, tick - 1);
                Fill(ops, tick);
                OnTick(TickOf(step, tick, before, ops), forecasts?.At(part * _demand.TickSeconds));
            }

            advanced();
        }

        return [.. _lanes.Select(lane => new SimulationResult(
            lane.Cluster, lane.Lane.Strategy, lane.Lane.Finish(), lane.Timeline)
        {
            Nodes = lane.Lane.FinishNodes(),
        })];
    }

    /// <summary>Under whom demand is forecast.</summary>
    public static bool NeedsForecasts(SimulatedStrategy strategy) =>
        strategy is SimulatedStrategy.Predictive or SimulatedStrategy.Learned;

    private static KnobTuner Tuner(SimulatedCluster cluster) =>
        new(cluster.Agent ?? AgentDocument.Shipped, cluster.Policy with { Learning = LearningMode.Live }, new());

    private DemandForecaster ForecasterOf(Func<DemandForecaster> whole) =>
        !_parts.Has(PredictivePart.Forecasts) ? DemandForecaster.OfLastValue()
        : _parts.Has(PredictivePart.Gates) ? whole() : whole().WithoutGates();

    private static int RunIn(DemandTable demand) => ShardForecasts.RunInRounds(demand.Shards, demand.HistorySteps);

    private TickDemand TickOf(int step, int tick, double[] before, double[] ops) => new()
    {
        Tick = tick,
        ScoredTick = tick - (_demand.HistorySteps * _demand.TicksPerStep),
        Step = step,
        NowMs = _demand.TickMs(tick),
        Seconds = _demand.TickSeconds,
        Ops = ops,
        OpsBefore = before,
    };

    private void OnTick(TickDemand tick, ImmutableArray<QuantileForecast>? forecasts)
    {
        var isScored = tick.ScoredTick >= 0;
        var perfect = isScored ? _perfect?.At(tick.Tick) : null;
        foreach (var (_, lane, _) in _lanes)
        {
            if (!isScored)
            {
                lane.WarmUp(tick.OpsBefore, tick.Tick);
                continue;
            }

            lane.OnTick(tick, lane.Strategy switch
            {
                SimulatedStrategy.Oracle => perfect,
                var strategy => NeedsForecasts(strategy) ? forecasts : null,
            });
        }
    }

    private void Fill(double[] ops, int tick)
    {
        for (var shard = 0; shard < ops.Length; shard++)
        {
            ops[shard] = _demand.Ops(shard, tick);
        }
    }
}
