namespace ShardStore.Balancer.Simulation;

/// <summary>Keeps apart by node what <see cref="ScoreKeeper"/> adds up: capacity is planned node by node.</summary>
internal sealed class NodeLedger(ClusterDesign design, double threshold)
{
    /// <summary>A breach of that length is none that passes by itself.</summary>
    public const double LastingSeconds = 300;

    private readonly double[] _highest = new double[design.Nodes];
    private readonly double[] _breachSeconds = new double[design.Nodes];
    private readonly double[] _serviceSeconds = new double[design.Nodes];
    private readonly double?[] _lastingFrom = new double?[design.Nodes];
    private readonly double[] _overSeconds = new double[design.Nodes];
    private double _passed;

    public void AddTick(SimulatedPlacement placement, NodeLoads loads, double seconds)
    {
        _passed += seconds;
        for (var node = 0; node < _highest.Length; node++)
        {
            var utilization = loads.Cores[node] / design.CapacityCores[node];
            var isOver = utilization > threshold;
            _highest[node] = Math.Max(_highest[node], utilization);
            _breachSeconds[node] += isOver ? seconds : 0;
            _serviceSeconds[node] += placement.IsInService(node) ? seconds : 0;
            _overSeconds[node] = isOver ? _overSeconds[node] + seconds : 0;
            if (_overSeconds[node] >= LastingSeconds)
            {
                _lastingFrom[node] ??= _passed - _overSeconds[node];
            }
        }
    }

    public IReadOnlyList<NodeScore> Finish() => [.. Enumerable.Range(0, design.Nodes).Select(node => new NodeScore(
        node, _highest[node], _breachSeconds[node], _lastingFrom[node], _serviceSeconds[node]))];
}
