namespace ShardStore.Balancer;

/// <summary>Nodes whose measured CPU still shows the placement of before a move: it is smoothed over some seconds, and
/// held against the demand of their shards of now it would say that one node has lost and the other has gained what
/// nobody asks for.</summary>
internal static class SettlingNodes
{
    public static HashSet<NodeId> Of(ClusterSnapshot snapshot, long nowMs)
    {
        var settling = new HashSet<NodeId>();
        foreach (var move in snapshot.RecentMoves)
        {
            if (nowMs - move.EndedMs >= snapshot.Policy.Limits.SettleSeconds * 1000)
                continue;
            settling.Add(move.From);
            settling.Add(move.To);
        }
        return settling;
    }
}
