using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>
/// What the controller gets to see, made as the live one makes it: CPU by the second with its noise, smoothed by the
/// median of five; costs fitted over the nodes and learnt from attribution, not the true ones. A measurement stands for
/// the last seconds before a decision: the placement of now under the demand of the tick that has just ended.
/// </summary>
internal sealed class ClusterGauge(ClusterDesign design, SimulatedPlacement placement, MovesUnderWay moves)
{
    /// <summary>Deviation of one second's CPU from the minute's, as a share of it.</summary>
    private const double SecondNoise = 0.03;

    /// <summary>The same of the CPU attributed to a shard.</summary>
    private const double AttributionNoise = 0.05;

    /// <summary>Memory and disk are no object here: a share that limits nothing.</summary>
    private const double OtherShare = 0.2;

    private readonly NodeLoads _loads = new(design);
    private readonly CostModelFit _costs = new();
    private readonly LoadCalibration _calibration = new();
    private readonly double[] _seconds = new double[CpuSmoothing.Seconds];

    /// <summary>Learns from a measurement and returns it as the planner takes it, without forecasts.</summary>
    /// <param name="ops">Demand of each shard in the tick that has ended.</param>
    /// <param name="tick">The one that begins now.</param>
    /// <param name="policy">In force.</param>
    public ClusterSnapshot Measure(double[] ops, int tick, BalancingPolicy policy)
    {
        _loads.Fill(placement, ops, moves.Cores);
        var seconds = new NodeLoad[design.Nodes];
        var smoothed = new NodeLoad[design.Nodes];
        for (var node = 0; node < seconds.Length; node++)
        {
            (seconds[node], smoothed[node]) = MeasureNode(node, tick);
            _costs.Add(new CostSample(_loads.Reads[node], _loads.LeaderWrites[node], _loads.FollowerWrites[node],
                seconds[node].Used.CpuCores));
        }

        var snapshot = new ClusterSnapshot
        {
            Nodes = ImmutableArray.Create(seconds),
            Shards = Shards(ops, tick),
            InFlight = moves.Running,
            RecentMoves = moves.Finished,
            Policy = policy,
            Costs = _costs.Solve(),
        };
        _calibration.Observe(snapshot);
        return _calibration.Refine(snapshot with { Nodes = ImmutableArray.Create(smoothed) });
    }

    private (NodeLoad Second, NodeLoad Smoothed) MeasureNode(int node, int tick)
    {
        var isUp = placement.IsUp(node);
        var share = _loads.Cores[node] / design.CapacityCores[node];
        for (var i = 0; i < _seconds.Length; i++)
        {
            var draw = SeededDraw.Mix(design.Seed, node, ((long)tick * _seconds.Length) + i);
            _seconds[i] = share * Math.Max(0, 1 + (SecondNoise * SeededDraw.Normal(draw)));
        }

        var recent = isUp ? CpuSmoothing.Medians(_seconds) : [];
        var second = Load(node, _seconds[^1]);
        return (second, isUp ? Load(node, recent[^1]) with { RecentCpu = recent } : second);
    }

    private NodeLoad Load(int node, double share) => new()
    {
        Id = new NodeId(node + 1),
        CapacityCores = design.CapacityCores[node],
        Zone = design.Zones.Length > 0 ? design.Zones[node] : "",
        State = placement.State(node),
        IsLeaving = placement.IsLeaving(node),
        Utilization = new ResourceFractions(share, OtherShare, 0, 0),
        Used = new ResourceAmounts(share * design.CapacityCores[node], 0, 0, 0),
    };

    private ImmutableArray<ShardLoad> Shards(double[] ops, int tick)
    {
        var shards = new ShardLoad[ops.Length];
        for (var shard = 0; shard < shards.Length; shard++)
        {
            var traits = design.Shards[shard];
            var draw = SeededDraw.Mix(~design.Seed, shard, tick);
            shards[shard] = new ShardLoad
            {
                Id = new ShardId(shard + 1),
                Replicas = placement.Replicas(shard),
                Leader = new NodeId(placement.Leader(shard) + 1),
                SizeBytes = traits.SizeBytes,
                Demand = traits.Demand(ops[shard]),
                AttributedCpuCores = ops[shard] * traits.LeaderCoresPerOp
                    * Math.Max(0, 1 + (AttributionNoise * SeededDraw.Normal(draw))),
            };
        }

        return ImmutableArray.Create(shards);
    }
}
