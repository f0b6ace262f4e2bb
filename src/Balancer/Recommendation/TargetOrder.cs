namespace ShardStore.Balancer;

/// <summary>All nodes from the emptiest on, by the load expected at a step. Every source asks for it, so a step is
/// sorted once in a round; a move changes the place of two nodes, and only they are put elsewhere.</summary>
internal sealed class TargetOrder
{
    private readonly PlanState _state;
    private readonly ulong[] _ties;
    private readonly StepOrder?[] _steps;

    /// <param name="state">Whose nodes they are.</param>
    /// <param name="seed">Decides between nodes that are exactly alike.</param>
    public TargetOrder(PlanState state, ulong seed)
    {
        _state = state;
        _ties = Array.ConvertAll(state.Nodes, node => Mix(seed ^ (ulong)node.Id.Value));
        _steps = new StepOrder?[state.Grid.Steps];
    }

    /// <summary>The nodes by index; valid until the next move.</summary>
    public ReadOnlySpan<int> At(int step) => Of(step).Nodes;

    /// <summary>Puts some nodes into the order in which they come among all.</summary>
    public void Sort(Span<int> nodes, int step)
    {
        var order = Of(step);
        // They are the holders of one shard: few.
        for (var end = 1; end < nodes.Length; end++)
        {
            for (var i = end; i > 0 && Compare(order, nodes[i], nodes[i - 1]) < 0; i--)
                (nodes[i], nodes[i - 1]) = (nodes[i - 1], nodes[i]);
        }
    }

    private StepOrder Of(int step)
    {
        if (_steps[step] is not { } order)
            return _steps[step] = Build(step);
        for (; order.Seen < _state.Changed.Count; order.Seen++)
            Mend(order, _state.Changed[order.Seen], step);
        return order;
    }

    private StepOrder Build(int step)
    {
        var loads = new double[_ties.Length];
        var nodes = new int[_ties.Length];
        for (var node = 0; node < nodes.Length; node++)
            (nodes[node], loads[node]) = (node, Load(node, step));
        var order = new StepOrder(nodes, loads) { Seen = _state.Changed.Count };
        Array.Sort((double[])loads.Clone(), nodes);
        for (var first = 0; first < nodes.Length;)
        {
            var end = first + 1;
            while (end < nodes.Length && loads[nodes[end]] == loads[nodes[first]])
                end++;
            nodes.AsSpan(first..end).Sort((a, b) => _ties[a].CompareTo(_ties[b]));
            first = end;
        }
        return order;
    }

    private void Mend(StepOrder order, int node, int step)
    {
        var nodes = order.Nodes.AsSpan();
        var from = PlaceOf(order, node, nodes);
        nodes[(from + 1)..].CopyTo(nodes[from..]);
        order.Loads[node] = Load(node, step);
        var to = PlaceOf(order, node, nodes[..^1]);
        nodes[to..^1].CopyTo(nodes[(to + 1)..]);
        nodes[to] = node;
    }

    /// <summary>Where among the nodes it is, or belongs.</summary>
    private int PlaceOf(StepOrder order, int node, ReadOnlySpan<int> nodes)
    {
        var (low, high) = (0, nodes.Length);
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            (low, high) = Compare(order, nodes[middle], node) < 0 ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private double Load(int node, int step) => _state.Curves[node].Fraction(step, 0, 0);

    private int Compare(StepOrder order, int a, int b) => order.Loads[a] != order.Loads[b]
        ? order.Loads[a].CompareTo(order.Loads[b])
        : _ties[a].CompareTo(_ties[b]);

    /// <summary>SplitMix64's finisher.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private sealed class StepOrder(int[] nodes, double[] loads)
    {
        public int[] Nodes { get; } = nodes;

        /// <summary>By node, as they were when it was put into its place.</summary>
        public double[] Loads { get; } = loads;

        /// <summary>Changes of the state that are in it.</summary>
        public int Seen { get; set; }
    }
}
