using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>What the caller gives beside the snapshot.</summary>
internal readonly record struct Instant(long NowMs, ulong Seed);

/// <summary>What one call of the planner works with: the imagined cluster, the rules, and what this round has already
/// decided. Lives for one call on one thread.</summary>
internal sealed class Round
{
    /// <summary>Shards whose refusal is remembered: enough for whoever asks, whatever the size of the cluster.
    /// </summary>
    private const int RefusalsMax = 1000;

    private readonly HashSet<int> _movingShards = [];
    private readonly HashSet<int> _sources = [];
    private readonly HashSet<int> _shedding = [];
    private readonly int[] _replicaMovesOf;
    private readonly int[] _rejections = new int[byte.MaxValue + 1];
    private readonly Dictionary<(NodeId, NodeId), LinkMeasurement> _links = [];
    private readonly Dictionary<int, (MoveCandidate Move, RejectionReason Reason)> _refusals = [];
    private readonly Dictionary<MoveCandidate, bool> _kept = [];

    public Round(ClusterSnapshot snapshot, PlanState state, IMoveStrategy strategy, Instant at)
    {
        (Snapshot, State, Strategy, NowMs, Seed) = (snapshot, state, strategy, at.NowMs, at.Seed);
        Rules = RiskRules.From(snapshot.Policy.Triggers);
        _replicaMovesOf = new int[state.Nodes.Length];
        History = new MoveHistory(snapshot, state, at.NowMs);
        Pinned = [.. snapshot.Policy.PinnedShards];
        Vetoed = [.. snapshot.VetoedShards];
        ClusterOps = state.Shards.Sum(shard => shard.Demand.OpsPerSecond);
        foreach (var kept in snapshot.Kept)
        {
            if (state.TryShard(kept.Shard, out var shard) && state.TryNode(kept.From, out var from)
                && state.TryNode(kept.To, out var to))
            {
                _kept[new MoveCandidate(shard, from, to, kept.Kind)] = kept.IsApproved;
            }
        }
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
    public HashSet<int> Pinned { get; }
    public HashSet<ShardId> Vetoed { get; }
    public BalancingPolicy Policy => Snapshot.Policy;

    /// <summary>What all clients ask for now.</summary>
    public double ClusterOps { get; }

    public int ReplicaMoves { get; private set; }
    public int LeaderTransfers { get; private set; }

    public bool HasKept => _kept.Count > 0;

    /// <summary>Whether the move was proposed before, and then whether it was approved.</summary>
    public bool IsKept(MoveCandidate move, out bool isApproved) => _kept.TryGetValue(move, out isApproved);

    public bool IsMoving(int shard) => _movingShards.Contains(shard);

    /// <summary>Whether a row of this round takes load off the node.</summary>
    public bool IsSource(int node) => _sources.Contains(node);

    /// <summary>The same, or a move under way does: a node that sheds load must not be given any, in this round or in
    /// the next.</summary>
    public bool IsShedding(int node) => _sources.Contains(node) || _shedding.Contains(node);

    public int ReplicaMovesOf(int node) => _replicaMovesOf[node];

    public LinkMeasurement? Link(MoveCandidate move) =>
        _links.TryGetValue((State.Nodes[move.From].Id, State.Nodes[move.To].Id), out var link) ? link : null;

    /// <summary>Counts a move that is under way: as done in the load, as busy in the limits.</summary>
    public void AddInFlight(MoveCandidate move)
    {
        if (Strategy.CountsInFlight)
            State.Apply(move);
        _movingShards.Add(move.Shard);
        _shedding.Add(move.From);
        Occupy(move);
    }

    /// <summary>Counts a row of this round. One that starts later holds no place among the running ones yet.</summary>
    public void AddProposed(MoveCandidate move, bool startsNow)
    {
        State.Apply(move);
        _movingShards.Add(move.Shard);
        _sources.Add(move.From);
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

    /// <summary>Remembers for each shard the refusal that came nearest to allowing it: people ask about the shard, not
    /// about the rules.</summary>
    public void NoteRefusal(MoveCandidate move, RejectionReason reason)
    {
        var isKnown = _refusals.TryGetValue(move.Shard, out var known);
        if (isKnown ? reason > known.Reason : _refusals.Count < RefusalsMax)
            _refusals[move.Shard] = (move, reason);
    }

    /// <summary>By shard; those that are moved after all left out.</summary>
    public ImmutableArray<RejectedMove> Refusals() =>
    [
        .. _refusals.Where(refusal => !_movingShards.Contains(refusal.Key)).OrderBy(refusal => refusal.Key)
            .Select(refusal => new RejectedMove(
                State.Shards[refusal.Key].Id, State.Nodes[refusal.Value.Move.From].Id,
                refusal.Value.Move.To == PlanState.NoNode ? NodeId.None : State.Nodes[refusal.Value.Move.To].Id,
                refusal.Value.Move.Kind, refusal.Value.Reason)),
    ];

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
