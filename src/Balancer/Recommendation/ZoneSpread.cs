namespace ShardStore.Balancer;

/// <summary>A move may not leave a shard in fewer zones than it is in. It need not reach more: that is a repair, and
/// this rule only guards.</summary>
internal static class ZoneSpread
{
    public static bool IsKept(PlanState state, MoveCandidate move)
    {
        // Most often all zones are one; then nothing can be lost.
        var (from, to) = (state.Traits.Zone(move.From), state.Traits.Zone(move.To));
        if (from == to)
            return true;
        var (isFromElsewhere, isToElsewhere) = (false, false);
        foreach (var (node, _) in state.Replicas(move.Shard))
        {
            if (node == move.From)
                continue;
            isFromElsewhere |= state.Traits.Zone(node) == from;
            isToElsewhere |= state.Traits.Zone(node) == to;
        }
        // The old zone stays covered, or the new one is gained in its place.
        return isFromElsewhere || !isToElsewhere;
    }
}
