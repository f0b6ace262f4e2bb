using System.Runtime.InteropServices;

namespace ShardStore.Balancer;

/// <summary>The cluster as the planner imagines it: placement and load curves, changed move by move. Nodes and shards
/// are addressed by their index in id order, which makes every result independent of the snapshot's order.</summary>
internal sealed class PlanState
{
    /// <summary>A background below −half of the modelled load is taken for a glitch of the sampler.</summary>
    private const double NegativeBackgroundMax = 0.5;

    public const int NoNode = -1;

    private readonly Dictionary<NodeId, int> _nodeIndex = [];
    private readonly Dictionary<ShardId, int> _shardIndex = [];
    private readonly List<(int Node, bool IsVoter)>[] _replicas;
    private readonly List<int>[] _shardsOf;
    private readonly int[] _leader;
    private readonly double[] _incomingBytes;

    public PlanState(NodeLoad[] nodes, ShardLoad[] shards, DemandGrid grid, CostModel model)
    {
        (Nodes, Shards, Grid) = (nodes, shards, grid);
        Costs = new ShardCosts(shards, model);
        _replicas = new List<(int, bool)>[shards.Length];
        _leader = new int[shards.Length];
        _shardsOf = Array.ConvertAll(nodes, _ => new List<int>());
        _incomingBytes = new double[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
            _nodeIndex.Add(nodes[i].Id, i);
        for (var i = 0; i < shards.Length; i++)
            AddShard(i);
        Curves = Array.ConvertAll(nodes, node => new NodeCurve(grid, node.CapacityCores));
    }

    public NodeLoad[] Nodes { get; }
    public ShardLoad[] Shards { get; }
    public DemandGrid Grid { get; }
    public ShardCosts Costs { get; }
    public NodeCurve[] Curves { get; }

    public bool TryNode(NodeId id, out int index) => _nodeIndex.TryGetValue(id, out index);
    public bool TryShard(ShardId id, out int index) => _shardIndex.TryGetValue(id, out index);
    public ReadOnlySpan<(int Node, bool IsVoter)> Replicas(int shard) => CollectionsMarshal.AsSpan(_replicas[shard]);

    /// <summary>Shards with a replica on the node. Order changes with moves; do not let it decide anything.</summary>
    public ReadOnlySpan<int> ShardsOf(int node) => CollectionsMarshal.AsSpan(_shardsOf[node]);

    public int Leader(int shard) => _leader[shard];

    public bool Holds(int node, int shard)
    {
        foreach (var (holder, _) in _replicas[shard])
        {
            if (holder == node)
                return true;
        }
        return false;
    }

    /// <summary>Bytes of shards that are on their way to the node and not yet in its measured disk use.</summary>
    public double IncomingBytes(int node) => _incomingBytes[node];

    public double CoresPerOp(int shard, int node) => Holds(node, shard) ? HolderCoresPerOp(shard, node) : 0;

    /// <summary>The same for a node that is known to hold the shard.</summary>
    public double HolderCoresPerOp(int shard, int node) =>
        _leader[shard] == node ? Costs.Leader(shard) : Costs.Follower(shard);

    public CostChange SourceChange(MoveCandidate move) => CostChange.Between(
        move.Shard, CoresPerOp(move.Shard, move.From),
        move.Kind == MoveKind.LeaderTransfer ? Costs.Follower(move.Shard) : 0);

    public CostChange TargetChange(MoveCandidate move) => CostChange.Between(
        move.Shard, CoresPerOp(move.Shard, move.To),
        _leader[move.Shard] == move.From ? Costs.Leader(move.Shard) : Costs.Follower(move.Shard));

    /// <summary>Counts the move as done. One that the placement has already overtaken changes nothing.</summary>
    public void Apply(MoveCandidate move)
    {
        var isHolder = Holds(move.From, move.Shard);
        if (!isHolder || (move.Kind == MoveKind.LeaderTransfer && _leader[move.Shard] != move.From))
            return;
        Curves[move.From].Apply(SourceChange(move));
        Curves[move.To].Apply(TargetChange(move));
        if (move.Kind == MoveKind.ReplicaMove)
            MoveReplica(move);
        if (_leader[move.Shard] == move.From)
            _leader[move.Shard] = move.To;
    }

    private void MoveReplica(MoveCandidate move)
    {
        var replicas = _replicas[move.Shard];
        replicas.RemoveAll(replica => replica.Node == move.From || replica.Node == move.To);
        replicas.Add((move.To, true));
        _shardsOf[move.From].Remove(move.Shard);
        if (_shardsOf[move.To].Contains(move.Shard))
            return;
        _shardsOf[move.To].Add(move.Shard);
        _incomingBytes[move.To] += Shards[move.Shard].SizeBytes;
    }

    private void AddShard(int shard)
    {
        var load = Shards[shard];
        _shardIndex.Add(load.Id, shard);
        _replicas[shard] = new List<(int, bool)>(load.Replicas.Length + 1);
        foreach (var replica in load.Replicas)
        {
            var node = _nodeIndex[replica.Node];
            _replicas[shard].Add((node, replica.IsVoter));
            _shardsOf[node].Add(shard);
        }
        _leader[shard] = load.Leader.IsNone ? NoNode : _nodeIndex[load.Leader];
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
        if (!isKnown)
        {
            var total = ModelledCores();
            Costs.ScaleTo(SumOfMeasuring(MeasuredCores), SumOfMeasuring(node => total[node]));
        }
        var modelled = ModelledCores();
        for (var node = 0; node < Nodes.Length; node++)
        {
            var known = isKnown && settling.Contains(Nodes[node].Id) ? Nodes[node].BackgroundCores : null;
            var background = known ?? Unexplained(node, modelled[node], isKnown);
            Curves[node].BackgroundCores = Math.Max(background, -NegativeBackgroundMax * modelled[node]);
        }
        for (var shard = 0; shard < Shards.Length; shard++)
        {
            foreach (var (node, _) in _replicas[shard])
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
            foreach (var (node, _) in _replicas[shard])
                cores[node] += HolderCoresPerOp(shard, node) * Shards[shard].Demand.OpsPerSecond;
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
