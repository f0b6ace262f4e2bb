using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>A candidate that passed every filter. <paramref name="Relief"/>: share of the source's expected overload
/// that it takes away, less what it adds at the target.</summary>
internal readonly record struct ScoredMove(MoveCandidate Move, double Relief, double Score);

/// <summary>Looks for the best move that takes load off one node. Leader transfers come first: they are nearly free, so
/// a replica moves only where no transfer does a fair part of the work.</summary>
internal sealed class CandidateSearch(Round round, int source, NodeRisk risk)
{
    /// <summary>Targets scored for each shard. They come emptiest first, so later ones rarely win.</summary>
    private const int TargetsScoredMax = 4;

    /// <summary>Targets that would breach, after which a shard is given up: the rest are busier still.</summary>
    private const int BreachingTargetsMax = 8;

    private const int AlternativesMax = 8;
    private const int RunnersUpMax = 4;
    private const double ReliefMin = 0.01;

    /// <summary>A transfer is taken if it brings at least that part of what the best replica move brings.</summary>
    private const double TransferIsEnough = 0.05;

    /// <summary>A move that was proposed before is taken if it brings at least that part of what the best of its kind
    /// brings: less of a difference is noise.</summary>
    private const double KeptIsEnough = 0.75;

    private readonly PlanState _state = round.State;
    private readonly List<ScoredMove> _allowed = [];
    private readonly List<RejectedMove> _rejected = [];

    /// <summary>Whether any candidate failed only for now: waiting may be all it takes.</summary>
    public bool MayWait { get; private set; }

    public ScoredMove? FindBest()
    {
        var targets = TargetsByLoad();
        var standsOut = StandsOut();
        foreach (var shard in ShardsByLoad())
        {
            var reason = MoveFilters.CheckShard(round, shard, source);
            if (reason == RejectionReason.None && !standsOut)
                reason = RejectionReason.GapTooSmall;
            if (reason != RejectionReason.None)
                Reject(new MoveCandidate(shard, source, PlanState.NoNode, MoveKind.ReplicaMove), reason);
            else
                Consider(shard, targets);
        }
        return Choose();
    }

    public ImmutableArray<RejectedMove> Alternatives(ScoredMove chosen)
    {
        var list = ImmutableArray.CreateBuilder<RejectedMove>();
        foreach (var other in _allowed.Where(other => other.Move != chosen.Move).Order(BestFirst).Take(RunnersUpMax))
            list.Add(Row(other.Move, RejectionReason.LessUseful));
        list.AddRange(_rejected.Take(AlternativesMax - list.Count));
        return list.ToImmutable();
    }

    /// <summary>Where all nodes are about as full, the gap to the emptiest of them is noise.</summary>
    private bool StandsOut()
    {
        var mean = ClusterMean.Fraction(_state, risk.PeakStep, 0, 0);
        var own = _state.Curves[source].Fraction(risk.PeakStep, 0, 0);
        return own > mean * (1 + round.Policy.Triggers.MeanTolerance);
    }

    private void Consider(int shard, int[] targets)
    {
        targets = KeptFirst(shard, targets);
        if (_state.Leader(shard) == source)
            ConsiderKind(shard, targets, MoveKind.LeaderTransfer);
        if (round.Strategy.MaySendBytes(risk, round.Policy.Triggers))
            ConsiderKind(shard, targets, MoveKind.ReplicaMove);
        else
            Reject(new MoveCandidate(shard, source, PlanState.NoNode, MoveKind.ReplicaMove),
                RejectionReason.NotLikelyYet);
    }

    /// <summary>So that those that were proposed before are scored, however many others are emptier by now.</summary>
    private int[] KeptFirst(int shard, int[] targets)
    {
        if (!round.HasKept)
            return targets;
        bool IsKept(int target) => round.IsKept(new MoveCandidate(shard, source, target, MoveKind.ReplicaMove), out _)
            || round.IsKept(new MoveCandidate(shard, source, target, MoveKind.LeaderTransfer), out _);
        return [.. targets.Where(IsKept), .. targets.Where(target => !IsKept(target))];
    }

    private void ConsiderKind(int shard, int[] targets, MoveKind kind)
    {
        var (scored, breaching) = (0, 0);
        foreach (var target in targets)
        {
            // A holder is no target for a replica and the only kind of target for leadership: not worth a reason.
            if (_state.Holds(target, shard) != (kind == MoveKind.LeaderTransfer))
                continue;
            var move = new MoveCandidate(shard, source, target, kind);
            var reason = MoveFilters.CheckPlacement(round, move);
            if (reason == RejectionReason.None)
                reason = MoveFilters.CheckLoad(round, move, risk);
            if (reason == RejectionReason.None)
                reason = Score(move);
            if (reason == RejectionReason.None)
                scored++;
            else
                Reject(move, reason);
            breaching += reason == RejectionReason.TargetWouldBreach ? 1 : 0;
            // These two do not depend on the target.
            var isHopeless = reason is RejectionReason.OneShardIsTheLoad or RejectionReason.BelowFloor;
            if (isHopeless || scored == TargetsScoredMax || breaching == BreachingTargetsMax)
                return;
        }
    }

    private RejectionReason Score(MoveCandidate move)
    {
        var change = _state.TargetChange(move);
        var sourceAfter = _state.Curves[move.From].Risk(round.Rules, _state.SourceChange(move));
        var targetBefore = _state.Curves[move.To].Risk(round.Rules, CostChange.None);
        var targetAfter = _state.Curves[move.To].Risk(round.Rules, change);
        var avoided = risk.Overload - sourceAfter.Overload - (targetAfter.Overload - targetBefore.Overload);
        var relief = risk.Overload > 0 ? avoided / risk.Overload : 0;
        if (relief < ReliefMin)
            return RejectionReason.NoGain;
        // Relief first; then the emptier target, the shorter transfer, and the smaller load where any would do.
        var seconds = TransferCosts.Of(round, move).Seconds / (round.Policy.Triggers.HorizonMinutes * 60);
        var cores = change.Linear * _state.Grid.Median(move.Shard)[risk.PeakStep];
        var carried = cores / _state.Nodes[move.To].CapacityCores;
        var score = relief - (0.1 * targetAfter.PeakAct) - (0.1 * Math.Min(1, seconds)) - (0.05 * carried);
        _allowed.Add(new ScoredMove(move, relief, score));
        return RejectionReason.None;
    }

    private ScoredMove? Choose()
    {
        ScoredMove? transfer = null, replica = null;
        foreach (var scored in _allowed)
        {
            ref var best = ref scored.Move.Kind == MoveKind.LeaderTransfer ? ref transfer : ref replica;
            if (best is not { } held || BestFirst.Compare(scored, held) < 0)
                best = scored;
        }
        var isCheap = transfer is { } cheap
            && (replica is not { } dear || cheap.Relief >= TransferIsEnough * dear.Relief);
        return (isCheap ? transfer : replica) is { } chosen ? KeptOr(chosen) : null;
    }

    /// <summary>One that was approved goes before all others, one that was proposed before those that are hardly
    /// better.</summary>
    private ScoredMove KeptOr(ScoredMove best)
    {
        if (!round.HasKept)
            return best;
        ScoredMove? kept = null;
        foreach (var scored in _allowed.Order(BestFirst))
        {
            if (!round.IsKept(scored.Move, out var isApproved))
                continue;
            if (isApproved)
                return scored;
            var isEnough = scored.Move.Kind == best.Move.Kind && scored.Relief >= KeptIsEnough * best.Relief;
            kept ??= isEnough ? scored : null;
        }
        return kept ?? best;
    }

    private static readonly Comparer<ScoredMove> BestFirst = Comparer<ScoredMove>.Create((a, b) =>
    {
        var order = b.Score.CompareTo(a.Score);
        if (order == 0)
            order = a.Move.Shard.CompareTo(b.Move.Shard);
        return order != 0 ? order : a.Move.To.CompareTo(b.Move.To);
    });

    private int[] TargetsByLoad()
    {
        var targets = Enumerable.Range(0, _state.Nodes.Length).Where(node => node != source).ToArray();
        var loads = Array.ConvertAll(targets, node => _state.Curves[node].Fraction(risk.PeakStep, 0, 0));
        var ties = Array.ConvertAll(targets, node => Mix(round.Seed ^ (ulong)_state.Nodes[node].Id.Value));
        var order = Enumerable.Range(0, targets.Length).ToArray();
        Array.Sort(order, (a, b) => loads[a] != loads[b] ? loads[a].CompareTo(loads[b]) : ties[a].CompareTo(ties[b]));
        return Array.ConvertAll(order, i => targets[i]);
    }

    private int[] ShardsByLoad()
    {
        var shards = _state.ShardsOf(source).ToArray();
        var cores = Array.ConvertAll(
            shards, shard => -_state.HolderCoresPerOp(shard, source) * _state.Grid.Median(shard)[risk.PeakStep]);
        Array.Sort(cores, shards);
        return shards;
    }

    private void Reject(MoveCandidate move, RejectionReason reason)
    {
        round.CountRejection(reason);
        round.NoteRefusal(move, reason);
        // These pass with time.
        MayWait |= reason is RejectionReason.AlreadyMoving or RejectionReason.Vetoed or RejectionReason.NotLikelyYet
            or (>= RejectionReason.CoolingDown and <= RejectionReason.QuietHours);
        if (_rejected.Count < AlternativesMax)
            _rejected.Add(Row(move, reason));
    }

    private RejectedMove Row(MoveCandidate move, RejectionReason reason) => new(
        _state.Shards[move.Shard].Id, _state.Nodes[move.From].Id,
        move.To == PlanState.NoNode ? NodeId.None : _state.Nodes[move.To].Id, move.Kind, reason);

    /// <summary>SplitMix64's finisher.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
