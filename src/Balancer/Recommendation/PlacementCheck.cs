namespace ShardStore.Balancer;

/// <summary>Whether targets may take one shard from one node at all: placement, safety and limits, without their load.
/// What does not depend on the target is worked out once: a source in a large cluster asks for hundreds of targets, for
/// each of its shards. What an operator ordered may undo the last move: that rule guards against doubt.</summary>
internal readonly struct PlacementCheck
{
    private readonly Round _round;
    private readonly MoveCandidate _move;
    private readonly bool _mayMove;
    private readonly bool _mayReverse;
    private readonly long _bytes;

    /// <param name="round">Whose rules apply.</param>
    /// <param name="move">Its target is left aside.</param>
    /// <param name="isOrder">Whether an operator ordered it.</param>
    public PlacementCheck(Round round, MoveCandidate move, bool isOrder = false)
    {
        (_round, _move) = (round, move);
        _mayMove = move.Kind == MoveKind.LeaderTransfer || QuorumSafety.MayMove(round.State, move);
        _mayReverse = isOrder || !round.History.Knows(move.Shard);
        _bytes = round.State.Shards[move.Shard].SizeBytes;
    }

    public RejectionReason Of(int target)
    {
        var reason = CheckSafety(target);
        if (reason != RejectionReason.None)
            return reason;
        return !_mayReverse && WouldReverse(target) ? RejectionReason.WouldReverse : CheckTiming(target);
    }

    private RejectionReason CheckSafety(int target)
    {
        var state = _round.State;
        if (state.Traits.State(target) != NodeState.Active)
            return RejectionReason.TargetNotActive;
        if (_move.Kind == MoveKind.LeaderTransfer)
            return IsVoter(target) ? RejectionReason.None : RejectionReason.TargetIsNoVoter;
        if (state.Holds(target, _move.Shard))
            return RejectionReason.TargetHoldsReplica;
        if (!_mayMove)
            return RejectionReason.QuorumAtRisk;
        if (!ZoneSpread.IsKept(state, _move with { To = target }))
            return RejectionReason.ZoneSpreadLost;
        return _round.Room.Fits(target, state.IncomingBytes(target), _bytes)
            ? RejectionReason.None : RejectionReason.TargetDiskFull;
    }

    private RejectionReason CheckTiming(int target)
    {
        var limits = _round.Policy.Limits;
        if (_round.IsShedding(target))
            return RejectionReason.TargetIsSource;
        if (_move.Kind == MoveKind.LeaderTransfer)
        {
            return _round.LeaderTransfers >= limits.LeaderTransfersMax
                ? RejectionReason.ClusterMovesAtLimit : RejectionReason.None;
        }
        if (_round.ReplicaMovesOf(_move.From) >= limits.ReplicaMovesPerNodeMax
            || _round.ReplicaMovesOf(target) >= limits.ReplicaMovesPerNodeMax)
        {
            return RejectionReason.NodeMovesAtLimit;
        }
        if (_round.ReplicaMoves >= limits.ReplicaMovesMax)
            return RejectionReason.ClusterMovesAtLimit;
        return double.IsInfinity(TransferCosts.Of(_round, _move with { To = target }).Seconds)
            ? RejectionReason.LinkTooSlow : RejectionReason.None;
    }

    private bool WouldReverse(int target)
    {
        var nodes = _round.State.Nodes;
        return _round.History.WouldReverse(_move.Shard, nodes[_move.From].Id, nodes[target].Id);
    }

    private bool IsVoter(int target)
    {
        foreach (var (node, isVoter) in _round.State.Replicas(_move.Shard))
        {
            if (node == target)
                return isVoter;
        }
        return false;
    }
}
