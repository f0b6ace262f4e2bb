namespace ShardStore.Balancer;

/// <summary>The hard rules. A candidate that fails one is dropped with that rule's reason; no score can lift it. The
/// checks run in the order of <see cref="RejectionReason"/>, dear ones last.</summary>
internal static class MoveFilters
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>What does not depend on the target, asked once a shard.</summary>
    public static RejectionReason CheckShard(Round round, int shard, int from)
    {
        if (round.IsMoving(shard))
            return RejectionReason.AlreadyMoving;
        if (round.Pinned.Contains(round.State.Shards[shard].Id.Value))
            return RejectionReason.ShardPinned;
        if (round.History.IsCoolingDown(shard))
            return RejectionReason.CoolingDown;
        if (round.History.IsSettling(from))
            return RejectionReason.SourceSettling;
        return round.Vetoed.Contains(round.State.Shards[shard].Id) ? RejectionReason.Vetoed : RejectionReason.None;
    }

    /// <summary>Whether the target may take the shard at all: placement, safety and limits, without its load. What an
    /// operator ordered (<paramref name="isOrder"/>) may undo the last move: that rule guards against doubt.</summary>
    public static RejectionReason CheckPlacement(Round round, MoveCandidate move, bool isOrder = false)
    {
        var reason = CheckSafety(round, move);
        if (reason != RejectionReason.None)
            return reason;
        var (from, to) = (round.State.Nodes[move.From].Id, round.State.Nodes[move.To].Id);
        return !isOrder && round.History.WouldReverse(move.Shard, from, to)
            ? RejectionReason.WouldReverse
            : CheckTiming(round, move);
    }

    /// <summary>Whether the move helps and hurts nobody, by the load expected at the source's peak.</summary>
    public static RejectionReason CheckLoad(Round round, MoveCandidate move, NodeRisk risk)
    {
        var peakStep = risk.PeakStep;
        var (state, limits) = (round.State, round.Policy.Limits);
        var ops = state.Grid.Median(move.Shard)[peakStep];
        var leaves = -state.SourceChange(move).Linear * ops;
        var source = state.Curves[move.From];
        var target = state.Curves[move.To];
        var sourceFraction = source.Fraction(peakStep, 0, 0);
        var sourceCores = sourceFraction * source.CapacityCores;
        if (state.CoresPerOp(move.Shard, move.From) * ops > limits.ConcentrationMax * sourceCores)
            return RejectionReason.OneShardIsTheLoad;
        var floor = move.Kind == MoveKind.LeaderTransfer ? limits.LeaderFloor : limits.ReplicaFloor;
        if (leaves <= 0 || leaves < floor * sourceCores)
            return RejectionReason.BelowFloor;

        // Mean of both fractions, so that the rule means the same between nodes of different size.
        var comes = state.TargetChange(move).Linear * ops;
        var carried = 0.5 * ((leaves / source.CapacityCores) + (comes / target.CapacityCores));
        var gap = sourceFraction - target.Fraction(peakStep, 0, 0);
        if (carried > limits.GapFractionMax * gap)
            return RejectionReason.GapTooSmall;
        var after = target.Risk(round.Rules, state.TargetChange(move));
        // A target that is safe beyond doubt is always allowed. Where the source is in worse danger than the target
        // would be, too: else a cluster that is fairly full, or a load that nobody can foresee, would rather let one
        // node drown than another come near the threshold. That the danger falls in sum is asked of the score, and
        // that they do not swap places of the gap.
        var isSafe = after.Probability <= round.Rules.TrustChance;
        var isSafer = after.Probability <= risk.Probability;
        return isSafe || isSafer ? RejectionReason.None : RejectionReason.TargetWouldBreach;
    }

    private static RejectionReason CheckSafety(Round round, MoveCandidate move)
    {
        var state = round.State;
        if (state.Nodes[move.To].State != NodeState.Active)
            return RejectionReason.TargetNotActive;
        if (move.Kind == MoveKind.LeaderTransfer)
            return IsVoter(state, move) ? RejectionReason.None : RejectionReason.TargetIsNoVoter;
        if (state.Holds(move.To, move.Shard))
            return RejectionReason.TargetHoldsReplica;
        if (!QuorumSafety.MayMove(state, move))
            return RejectionReason.QuorumAtRisk;
        if (!ZoneSpread.IsKept(state, move))
            return RejectionReason.ZoneSpreadLost;
        return FitsOnTarget(round, move) ? RejectionReason.None : RejectionReason.TargetDiskFull;
    }

    private static RejectionReason CheckTiming(Round round, MoveCandidate move)
    {
        var limits = round.Policy.Limits;
        if (round.IsSource(move.To))
            return RejectionReason.TargetIsSource;
        if (move.Kind == MoveKind.LeaderTransfer)
        {
            return round.LeaderTransfers >= limits.LeaderTransfersMax
                ? RejectionReason.ClusterMovesAtLimit : RejectionReason.None;
        }
        if (round.ReplicaMovesOf(move.From) >= limits.ReplicaMovesPerNodeMax
            || round.ReplicaMovesOf(move.To) >= limits.ReplicaMovesPerNodeMax)
        {
            return RejectionReason.NodeMovesAtLimit;
        }
        if (round.ReplicaMoves >= limits.ReplicaMovesMax)
            return RejectionReason.ClusterMovesAtLimit;
        return double.IsInfinity(TransferCosts.Of(round, move).Seconds)
            ? RejectionReason.LinkTooSlow : RejectionReason.None;
    }

    public static bool IsQuiet(BalancingPolicy policy, long timeMs)
    {
        var minute = (int)(timeMs / 60_000 % MinutesPerDay);
        foreach (var window in policy.QuietHours)
        {
            if (window.Holds(minute))
                return true;
        }
        return false;
    }

    private static bool IsVoter(PlanState state, MoveCandidate move)
    {
        foreach (var (node, isVoter) in state.Replicas(move.Shard))
        {
            if (node == move.To)
                return isVoter;
        }
        return false;
    }

    private static bool FitsOnTarget(Round round, MoveCandidate move)
    {
        var (node, max) = (round.State.Nodes[move.To], round.Policy.Limits.TargetFillMax);
        if (node.Utilization.Disk > max || node.Utilization.Memory > max)
            return false;
        if (node.Utilization.Disk <= 0 || node.Used.DiskBytes <= 0)
            return true;
        var capacity = node.Used.DiskBytes / node.Utilization.Disk;
        var bytes = node.Used.DiskBytes + round.State.IncomingBytes(move.To) + round.State.Shards[move.Shard].SizeBytes;
        return bytes <= max * capacity;
    }
}
