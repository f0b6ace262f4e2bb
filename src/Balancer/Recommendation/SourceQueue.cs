namespace ShardStore.Balancer;

/// <summary>Which node must give up load next: of those in danger the one with the most expected overload, by cores. A
/// heap, brought up to date only for the nodes that a move has changed: with hundreds of nodes in danger among
/// thousands, looking at all of them for each would be most of a round.</summary>
internal sealed class SourceQueue
{
    private readonly Round _round;
    private readonly double[] _weights;
    private readonly bool[] _isGivenUp;
    private readonly PriorityQueue<int, (double Weight, int Node)> _heap;
    private readonly List<int> _passedOver = [];
    private int _seen;

    public SourceQueue(Round round)
    {
        _round = round;
        _weights = new double[round.State.Nodes.Length];
        _isGivenUp = new bool[_weights.Length];
        _heap = new PriorityQueue<int, (double Weight, int Node)>(HeaviestFirst);
        _seen = round.State.Changed.Count;
        for (var node = 0; node < _weights.Length; node++)
            Weigh(node);
    }

    private static Comparer<(double Weight, int Node)> HeaviestFirst { get; } =
        Comparer<(double Weight, int Node)>.Create((a, b) =>
            a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Node.CompareTo(b.Node));

    /// <summary>The node is asked no more in this round.</summary>
    public void GiveUp(int node) => _isGivenUp[node] = true;

    /// <summary>Finds the next one; it stays the next until it changes or is given up.</summary>
    public bool TryFind(out int source, out NodeRisk risk)
    {
        for (; _seen < _round.State.Changed.Count; _seen++)
            Weigh(_round.State.Changed[_seen]);
        (source, risk) = (PlanState.NoNode, default);
        while (source == PlanState.NoNode && _heap.TryDequeue(out var node, out var place))
        {
            // Given up, or put in once more since with another weight.
            if (_isGivenUp[node] || place.Weight != _weights[node])
                continue;
            _passedOver.Add(node);
            risk = RiskOf(node);
            if (_round.Strategy.IsEndangered(_round.State, node, risk, _round.Policy.Triggers))
                source = node;
        }
        // Those not in danger now may be so after the next move.
        foreach (var node in _passedOver)
            _heap.Enqueue(node, (_weights[node], node));
        _passedOver.Clear();
        return source != PlanState.NoNode;
    }

    private void Weigh(int node)
    {
        var isUp = _round.State.Traits.State(node) != NodeState.Down;
        var weight = isUp ? RiskOf(node).Overload * _round.State.Curves[node].CapacityCores : 0;
        if (weight > 0 && (weight != _weights[node]))
            _heap.Enqueue(node, (weight, node));
        _weights[node] = weight;
    }

    private NodeRisk RiskOf(int node) => _round.State.Curves[node].Risk(_round.Rules, CostChange.None);
}
