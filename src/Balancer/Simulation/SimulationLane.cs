using System.Collections.Immutable;
using ShardStore.Balancer.Learning;

namespace ShardStore.Balancer.Simulation;

/// <summary>One cluster under one strategy. All lanes of a run see the same demand and the same forecasts; what they do
/// about it is their own.</summary>
internal sealed class SimulationLane
{
    private readonly ClusterDesign _design;
    private readonly BalancingPolicy _policy;
    private readonly ImmutableArray<ClusterEvent> _events;
    private readonly ClusterGauge _gauge;
    private readonly NodeLoads _loads;
    private readonly ScoreKeeper _score;
    private readonly NodeLedger _nodes;
    private readonly SimulationTimeline? _timeline;
    private readonly ILaneKnobs? _knobs;
    private int _eventsSeen;

    /// <param name="cluster">Its rules among them.</param>
    /// <param name="strategy">How it is balanced.</param>
    /// <param name="timeline">To be filled; null: none.</param>
    /// <param name="knobs">Another's say in what the policy leaves open; null: nobody's.</param>
    public SimulationLane(
        SimulatedCluster cluster, SimulatedStrategy strategy, SimulationTimeline? timeline, ILaneKnobs? knobs)
    {
        (_design, _events, Strategy, _timeline) = (cluster.Design, cluster.Events, strategy, timeline);
        _knobs = knobs;
        _policy = cluster.Policy with
        {
            Mode = strategy switch
            {
                SimulatedStrategy.Off => BalancerMode.Off,
                SimulatedStrategy.Reactive => BalancerMode.Reactive,
                _ => BalancerMode.Predictive,
            },
        };
        Placement = new SimulatedPlacement(_design);
        Moves = new MovesUnderWay(_design, _policy);
        _gauge = new ClusterGauge(_design, Placement, Moves);
        _loads = new NodeLoads(_design);
        _score = new ScoreKeeper(_design, _policy.Triggers.Threshold);
        _nodes = new NodeLedger(_design, _policy.Triggers.Threshold);
    }

    public SimulatedStrategy Strategy { get; }

    /// <summary>What its planner works with.</summary>
    public PredictiveParts Parts { get; init; } = PredictiveParts.All;

    public SimulatedPlacement Placement { get; }

    public MovesUnderWay Moves { get; }

    /// <summary>Measures before the first decision, so that costs are known as in a cluster that has been up for a
    /// while.</summary>
    public void WarmUp(double[] opsBefore, int tick)
    {
        if (Strategy != SimulatedStrategy.Off)
        {
            _gauge.Measure(opsBefore, tick, _policy);
        }
    }

    /// <summary>Decides at the start of a tick, from what came before it, and lives through it.</summary>
    public void OnTick(TickDemand demand, ImmutableArray<QuantileForecast>? forecasts)
    {
        Moves.Settle(Placement, demand.NowMs);
        OnEvents(demand);
        if (Strategy != SimulatedStrategy.Off || Placement.AnyLeaving)
        {
            Decide(demand, forecasts);
        }

        Moves.Advance(demand.NowMs, demand.Seconds);
        // A move takes effect at the tick boundary next to its end.
        Moves.Settle(Placement, demand.NowMs + (long)(500 * demand.Seconds));
        _loads.Fill(Placement, demand.Ops, Moves.Cores);
        _score.AddTick(Placement, _loads, demand.Seconds);
        _nodes.AddTick(Placement, _loads, demand.Seconds);
        for (var node = 0; _timeline is not null && node < _design.Nodes; node++)
        {
            _timeline.Add(node, demand.ScoredTick, _loads.Cores[node] / _design.CapacityCores[node]);
        }
    }

    public SimulationScore Finish()
    {
        var score = _score.Finish(Moves);
        return score with { Objective = ObjectiveParts.Of(score).Points(_policy.Weights) };
    }

    public IReadOnlyList<NodeScore> FinishNodes() => _nodes.Finish();

    private void OnEvents(TickDemand demand)
    {
        for (; _eventsSeen < _events.Length && _events[_eventsSeen].Step <= demand.Step; _eventsSeen++)
        {
            var happened = _events[_eventsSeen];
            Placement.Apply(happened);
            if (happened.Kind == ClusterEventKind.Fail)
            {
                Moves.Abort(happened.Node, demand.NowMs);
            }
        }
    }

    private void Decide(TickDemand demand, ImmutableArray<QuantileForecast>? forecasts)
    {
        var policy = _knobs is null ? _policy : _knobs.Policy with { Mode = _policy.Mode };
        var snapshot = _gauge.Measure(demand.OpsBefore, demand.Tick, policy);
        if (forecasts is { } given)
        {
            snapshot = snapshot with
            {
                Shards = [.. snapshot.Shards.Select((shard, i) => shard with { Forecast = given[i] })],
            };
        }

        _knobs?.Observe(snapshot, demand.NowMs);
        var decision = Planner.Decide(snapshot, demand.NowMs, _design.Seed, Parts);
        // A row due before the next decision would be late if it waited for it.
        var untilMs = demand.NowMs + (long)(1000 * demand.Seconds);
        foreach (var row in decision.Recommendations)
        {
            if (row.ExecuteAtMs < untilMs)
            {
                Moves.Start(row, demand.OpsBefore[row.Shard.Value - 1], demand.NowMs);
                _timeline?.Add(row, demand.ScoredTick);
            }
        }
    }
}
