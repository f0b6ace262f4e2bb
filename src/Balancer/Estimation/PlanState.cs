namespace ShardStore.Balancer;

/// <summary>The cluster as the planner imagines it: placement and load curves, changed move by move. Nodes and shards
/// are addressed by their index in id order, which makes every result independent of the snapshot's order.</summary>
internal sealed class PlanState
{
    /// <summary>A background below −half of the modelled load is taken for a glitch of the sampler.</summary>
    private const double NegativeBackgroundMax = 0.5;

    public const int NoNode = PlanPlacement.NoNode;

    private readonly NodeIndex _nodeIndex;
    private readonly PlanPlacement _placement;
    private readonly ShardId[] _ids;
    private readonly double[] _ops;
    private readonly double[] _incomingBytes;
    private readonly List<int> _changed = [];
    private readonly (int Step, double Share)[] _untrusted;

    public PlanState(NodeLoad[] nodes, ShardLoad[] shards, DemandGrid grid, CostModel model)
    {
        (Nodes, Shards, Grid) = (nodes, shards, grid);
        Costs = new ShardCosts(shards, model);
        _nodeIndex = new NodeIndex(nodes);
        for (var i = 0; i < nodes.Length; i++)
            _nodeIndex.TryAdd(nodes[i].Id, i);
        _placement = new PlanPlacement(shards, _nodeIndex, nodes.Length);
        _ids = Array.ConvertAll(shards, shard => shard.Id);
        _ops = Array.ConvertAll(shards, shard => shard.Demand.OpsPerSecond);
        _incomingBytes = new double[nodes.Length];
        _untrusted = new (int, double)[nodes.Length];
        Array.Fill(_untrusted, (-1, 0));
        Traits = new NodeTraits(nodes);
        Curves = Array.ConvertAll(nodes, node => new NodeCurve(grid, node.CapacityCores));
    }

    public NodeLoad[] Nodes { get; }
    public ShardLoad[] Shards { get; }
    public DemandGrid Grid { get; }
    public ShardCosts Costs { get; }
    public NodeCurve[] Curves { get; }
    public NodeTraits Traits { get; }

    /// <summary>Nodes in the order in which moves have changed their curves, two a move: whoever keeps something of the
    /// curves sees here what of it no longer holds.</summary>
    public IReadOnlyList<int> Changed => _changed;

    /// <summary>The mean of the nodes as it was last asked for.</summary>
    public (MeanQuestion Question, double Fraction) LastMean { get; set; } = (new MeanQuestion(-1, 0, 0, 0), 0);

    public bool TryNode(NodeId id, out int index) => _nodeIndex.TryFind(id, out index);

    public bool TryShard(ShardId id, out int index)
    {
        index = Array.BinarySearch(_ids, id);
        return index >= 0;
    }

    public ReadOnlySpan<(int Node, bool IsVoter)> Replicas(int shard) => _placement.Replicas(shard);

    /// <inheritdoc cref="PlanPlacement.ShardsOf"/>
    public ReadOnlySpan<int> ShardsOf(int node) => _placement.ShardsOf(node);

    public int Leader(int shard) => _placement.Leader(shard);

    public bool Holds(int node, int shard) => _placement.Holds(node, shard);

    /// <summary>For loops over many shards: a look into each one's record would miss the cache every time.</summary>
    public ShardId IdOf(int shard) => _ids[shard];

    /// <summary>What clients ask of the shard now. Unit: ops/s.</summary>
    public double PresentOps(int shard) => _ops[shard];

    /// <summary>Bytes of shards that are on their way to the node and not yet in its measured disk use.</summary>
    public double IncomingBytes(int node) => _incomingBytes[node];

    public double CoresPerOp(int shard, int node) => Holds(node, shard) ? HolderCoresPerOp(shard, node) : 0;

    /// <summary>The same for a node that is known to hold the shard.</summary>
    public double HolderCoresPerOp(int shard, int node) =>
        Leader(shard) == node ? Costs.Leader(shard) : Costs.Follower(shard);

    public CostChange SourceChange(MoveCandidate move) => CostChange.Between(
        move.Shard, CoresPerOp(move.Shard, move.From),
        move.Kind == MoveKind.LeaderTransfer ? Costs.Follower(move.Shard) : 0);

    public CostChange TargetChange(MoveCandidate move) => CostChange.Between(
        move.Shard, CoresPerOp(move.Shard, move.To),
        Leader(move.Shard) == move.From ? Costs.Leader(move.Shard) : Costs.Follower(move.Shard));

    /// <summary>Share of a node's load at a step that rests on forecasts which only repeat the present. Kept until the
    /// node changes: it visits all of its shards.</summary>
    public double UntrustedShare(int node, int step)
    {
        if (_untrusted[node].Step == step)
            return _untrusted[node].Share;
        double all = 0, untrusted = 0;
        foreach (var shard in ShardsOf(node))
        {
            var cores = HolderCoresPerOp(shard, node) * Grid.Median(shard)[step];
            all += cores;
            untrusted += Grid.IsTrusted(shard) ? 0 : cores;
        }
        _untrusted[node] = (step, all > 0 ? untrusted / all : 0);
        return _untrusted[node].Share;
    }

    /// <summary>Counts the move as done. One that the placement has already overtaken changes nothing.</summary>
    public void Apply(MoveCandidate move)
    {
        var isHolder = Holds(move.From, move.Shard);
        if (!isHolder || (move.Kind == MoveKind.LeaderTransfer && Leader(move.Shard) != move.From))
            return;
        Change(move.From, SourceChange(move));
        Change(move.To, TargetChange(move));
        if (move.Kind == MoveKind.ReplicaMove && _placement.MoveReplica(move.Shard, move.From, move.To))
            _incomingBytes[move.To] += Shards[move.Shard].SizeBytes;
        if (Leader(move.Shard) == move.From)
            _placement.Lead(move.Shard, move.To);
    }

    private void Change(int node, CostChange change)
    {
        Curves[node].Apply(change);
        _untrusted[node] = (-1, 0);
        _changed.Add(node);
    }

    /// <summary>Sets the curves on what nodes use now: what their shards' demand of now does not explain lasts. It is
    /// more than the background of before: what an op costs is only about known, and an error of it shows here.
    /// </summary>
    /// <param name="settling">Nodes whose measured CPU is that of another placement; their background of before is
    /// taken where it is known.</param>
    public void Measure(IReadOnlySet<NodeId> settling)
    {
        // Known over many seconds: then the costs have been brought into line with it too.
        var isKnown = Array.TrueForAll(Nodes, node => node.BackgroundCores is not null);
        var modelled = ModelledCores();
        if (!isKnown && Costs.TryScaleTo(SumOfMeasuring(MeasuredCores), SumOfMeasuring(node => modelled[node])))
            modelled = ModelledCores();
        for (var node = 0; node < Nodes.Length; node++)
        {
            var known = isKnown && settling.Contains(Nodes[node].Id) ? Nodes[node].BackgroundCores : null;
            var background = known ?? Unexplained(node, modelled[node], isKnown);
            Curves[node].BackgroundCores = Math.Max(background, -NegativeBackgroundMax * modelled[node]);
        }
        for (var shard = 0; shard < Shards.Length; shard++)
        {
            foreach (var (node, _) in Replicas(shard))
                Curves[node].Apply(CostChange.Between(shard, 0, HolderCoresPerOp(shard, node)));
        }
    }

    /// <summary>A node that reports no CPU yet has no background that could be known. What is planned far ahead is
    /// planned with the middle of the last samples: a checkpoint or a collection is over before them.</summary>
    private double Unexplained(int node, double modelled, bool isFarAhead)
    {
        var measured = MeasuredCores(node);
        if (measured <= 0)
            return 0;
        var recent = Nodes[node].RecentCpu;
        if (isFarAhead && recent.Length > 0)
            measured = recent.Sort()[recent.Length / 2] * Nodes[node].CapacityCores;
        return measured - modelled;
    }

    private double[] ModelledCores()
    {
        var cores = new double[Nodes.Length];
        for (var shard = 0; shard < Shards.Length; shard++)
        {
            foreach (var (node, _) in Replicas(shard))
                cores[node] += HolderCoresPerOp(shard, node) * PresentOps(shard);
        }
        return cores;
    }

    /// <summary>Sum over nodes that report any CPU: one that does not says nothing about what an op costs.</summary>
    private double SumOfMeasuring(Func<int, double> cores)
    {
        var sum = 0.0;
        for (var node = 0; node < Nodes.Length; node++)
            sum += MeasuredCores(node) > 0 ? cores(node) : 0;
        return sum;
    }

    private double MeasuredCores(int node) => Nodes[node].Used.CpuCores > 0
        ? Nodes[node].Used.CpuCores
        : Nodes[node].Utilization.Cpu * Nodes[node].CapacityCores;
}
