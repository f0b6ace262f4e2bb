namespace ShardStore.Balancer;

/// <summary>Plans that empty a draining node, up or down, shard by shard, within the same limits and safety rules as
/// any move. Load rules do not apply: a drain is an order. Still each shard goes where the load is lowest, and never to
/// a node that it would push over its threshold while another has room.</summary>
internal static class DrainPlanner
{
    public static IEnumerable<Recommendation> Plan(Round round, int rowsMax)
    {
        var rows = 0;
        for (var node = 0; node < round.State.Nodes.Length; node++)
        {
            var load = round.State.Nodes[node];
            if (load.State != NodeState.Draining && !load.IsLeaving)
                continue;
            foreach (var shard in round.State.ShardsOf(node).ToArray().Order())
            {
                if (rows < rowsMax && TryPlan(round, shard, node) is { } row)
                {
                    rows++;
                    yield return row;
                }
            }
        }
    }

    private static Recommendation? TryPlan(Round round, int shard, int from)
    {
        var reason = CheckShard(round, shard);
        if (reason != RejectionReason.None)
        {
            round.CountRejection(reason);
            round.NoteRefusal(new MoveCandidate(shard, from, PlanState.NoNode, MoveKind.ReplicaMove), reason);
            return null;
        }
        if (FindTarget(round, shard, from) is not { } move)
            return null;
        var row = RowBuilder.BuildDrain(round, move);
        round.AddProposed(move, startsNow: true);
        return row;
    }

    // Cool-down and the rule against reversals do not apply: they guard against doubt, and there is none here.
    private static RejectionReason CheckShard(Round round, int shard)
    {
        if (round.IsMoving(shard))
            return RejectionReason.AlreadyMoving;
        if (round.Pinned.Contains(round.State.Shards[shard].Id.Value))
            return RejectionReason.ShardPinned;
        return MoveFilters.IsQuiet(round.Policy, round.NowMs) ? RejectionReason.QuietHours : RejectionReason.None;
    }

    private static MoveCandidate? FindTarget(Round round, int shard, int from)
    {
        MoveCandidate? best = null;
        var lowest = double.PositiveInfinity;
        var placement = new PlacementCheck(
            round, new MoveCandidate(shard, from, PlanState.NoNode, MoveKind.ReplicaMove), isOrder: true);
        for (var to = 0; to < round.State.Nodes.Length; to++)
        {
            if (to == from || round.State.Holds(to, shard))
                continue;
            var move = new MoveCandidate(shard, from, to, MoveKind.ReplicaMove);
            var reason = placement.Of(to);
            if (reason != RejectionReason.None)
            {
                round.CountRejection(reason);
                round.NoteRefusal(move, reason);
                continue;
            }
            // More load lowers no peak: most nodes need no look at what the shard would add.
            var curve = round.State.Curves[to];
            if (curve.Risk(round.Rules, CostChange.None).PeakTrust >= lowest)
                continue;
            var peak = curve.Risk(round.Rules, round.State.TargetChange(move)).PeakTrust;
            if (peak < lowest)
                (best, lowest) = (move, peak);
        }
        return best;
    }
}
