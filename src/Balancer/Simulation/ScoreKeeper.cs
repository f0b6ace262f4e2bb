using ShardStore.Balancer.Learning;

namespace ShardStore.Balancer.Simulation;

/// <summary>Adds up a run, tick by tick. Work beyond a node's capacity waits and is done later; clients do not wait for
/// ever, so the backlog has an end.</summary>
internal sealed class ScoreKeeper(ClusterDesign design, double threshold)
{
    /// <summary>Most work that waits at a node: after so long clients have given up. Unit: seconds of all its cores.
    /// </summary>
    private const double BacklogSecondsMax = 30;

    private readonly LatencyTail _latency = new();
    private readonly double[] _backlogCoreSeconds = new double[design.Nodes];
    private readonly bool[] _isOver = new bool[design.Nodes];
    private double _breachSeconds;
    private double _nodeSeconds;
    private double _highest;
    private double _slowSeconds;
    private int _breaches;

    public void AddTick(SimulatedPlacement placement, NodeLoads loads, double seconds)
    {
        double slow = 0, all = 0;
        for (var node = 0; node < design.Nodes; node++)
        {
            var utilization = loads.Cores[node] / design.CapacityCores[node];
            _nodeSeconds += placement.IsInService(node) ? seconds : 0;
            _highest = Math.Max(_highest, utilization);
            var isOver = utilization > threshold;
            _breachSeconds += isOver ? seconds : 0;
            _breaches += isOver && !_isOver[node] ? 1 : 0;
            _isOver[node] = isOver;
            var waitMs = 1000 * Wait(node, loads.Cores[node], seconds);
            var requests = (loads.Reads[node] + loads.LeaderWrites[node]) * seconds;
            _latency.Add(requests, utilization, waitMs);
            all += requests;
            slow += requests * LatencyTail.ShareSlower(ObjectiveParts.SlowMs, utilization, waitMs);
        }

        _slowSeconds += all > 0 ? seconds * slow / all : 0;
    }

    public SimulationScore Finish(MovesUnderWay moves) => new()
    {
        BreachSeconds = _breachSeconds,
        BytesMoved = moves.BytesMoved,
        Moves = moves.ReplicaMoves,
        LeaderTransfers = moves.LeaderTransfers,
        FailedMoves = moves.Failed,
        Reversals = moves.Reversals,
        NodeHours = _nodeSeconds / 3600,
        Ms99 = _latency.Ms99(),
        SlowSeconds = _slowSeconds,
        ReliefSeconds = _breaches > 0 ? _breachSeconds / _breaches : 0,
        UtilizationMax = _highest,
    };

    /// <summary>Mean time that a request of the tick waits behind the backlog. Unit: seconds.</summary>
    private double Wait(int node, double cores, double seconds)
    {
        var capacity = design.CapacityCores[node];
        var before = _backlogCoreSeconds[node];
        var after = Math.Clamp(before + ((cores - capacity) * seconds), 0, BacklogSecondsMax * capacity);
        _backlogCoreSeconds[node] = after;
        return 0.5 * (before + after) / capacity;
    }
}
