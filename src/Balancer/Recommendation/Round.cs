using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>What the caller gives beside the snapshot.</summary>
internal readonly record struct Instant(long NowMs, ulong Seed);

/// <summary>What one call of the planner works with: the imagined cluster, the rules, and what this round has already
/// decided. Lives for one call on one thread.</summary>
internal sealed class Round
{
    private readonly HashSet<int> _movingShards = [];
    private readonly bool[] _isSource;
    private readonly int[] _replicaMovesOf;
    private readonly int[] _rejections = new int[byte.MaxValue + 1];
    private readonly Dictionary<(NodeId, NodeId), LinkMeasurement> _links = [];

    public Round(ClusterSnapshot snapshot, PlanState state, IMoveStrategy strategy, Instant at)
    {
        (Snapshot, State, Strategy, NowMs, Seed) = (snapshot, state, strategy, at.NowMs, at.Seed);
        Rules = RiskRules.From(snapshot.Policy.Triggers);
        (_isSource, _replicaMovesOf) = (new bool[state.Nodes.Length], new int[state.Nodes.Length]);
        History = new MoveHistory(snapshot, state, at.NowMs);
        Pinned = [.. snapshot.Policy.PinnedShards];
        Targets = new TargetOrder(state, at.Seed);
        Room = new DiskRoom(state.Nodes, snapshot.Policy.Limits.TargetFillMax);
        for (var shard = 0; shard < state.Shards.Length; shard++)
            ClusterOps += state.PresentOps(shard);
        foreach (var link in snapshot.Links)
            _links[(link.From, link.To)] = link;
    }

    public ClusterSnapshot Snapshot { get; }
    public PlanState State { get; }
    public IMoveStrategy Strategy { get; }
    public long NowMs { get; }
    /// <summary>Decides only between targets that are exactly alike.</summary>
    public ulong Seed { get; }

    public RiskRules Rules { get; }
    public MoveHistory History { get; }
    public TargetOrder Targets { get; }
    public DiskRoom Room { get; }
    public HashSet<int> Pinned { get; }
    public BalancingPolicy Policy => Snapshot.Policy;

    /// <summary>What all clients ask for now.</summary>
    public double ClusterOps { get; }

    public int ReplicaMoves { get; private set; }
    public int LeaderTransfers { get; private set; }

    public bool IsMoving(int shard) => _movingShards.Contains(shard);
    public bool IsSource(int node) => _isSource[node];
    public int ReplicaMovesOf(int node) => _replicaMovesOf[node];

    public LinkMeasurement? Link(MoveCandidate move) => _links.Count > 0
        && _links.TryGetValue((State.Nodes[move.From].Id, State.Nodes[move.To].Id), out var link) ? link : null;

    /// <summary>Counts a move that is under way: as done in the load, as busy in the limits.</summary>
    public void AddInFlight(MoveCandidate move)
    {
        State.Apply(move);
        _movingShards.Add(move.Shard);
        Occupy(move);
    }

    /// <summary>Counts a row of this round. One that starts later holds no place among the running ones yet.</summary>
    public void AddProposed(MoveCandidate move, bool startsNow)
    {
        State.Apply(move);
        _movingShards.Add(move.Shard);
        _isSource[move.From] = true;
        if (startsNow)
            Occupy(move);
    }

    public void CountRejection(RejectionReason reason) => _rejections[(byte)reason]++;

    public ImmutableArray<RejectionCount> Rejections()
    {
        var counts = ImmutableArray.CreateBuilder<RejectionCount>();
        for (var i = 0; i < _rejections.Length; i++)
        {
            if (_rejections[i] > 0)
                counts.Add(new RejectionCount((RejectionReason)i, _rejections[i]));
        }
        return counts.ToImmutable();
    }

    private void Occupy(MoveCandidate move)
    {
        if (move.Kind == MoveKind.LeaderTransfer)
        {
            LeaderTransfers++;
            return;
        }
        ReplicaMoves++;
        _replicaMovesOf[move.From]++;
        _replicaMovesOf[move.To]++;
    }
}
