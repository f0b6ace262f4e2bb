namespace ShardStore.Balancer;

/// <summary>The moves that have ended, asked by shard: is it still resting, would this undo the last one? Failed moves
/// count too, or a move that cannot succeed would be tried for ever.</summary>
internal sealed class MoveHistory
{
    private readonly Dictionary<int, List<FinishedMove>> _byShard = [];
    private readonly long[] _lastLeftMs;
    private readonly MoveLimits _limits;
    private readonly long _nowMs;

    public MoveHistory(ClusterSnapshot snapshot, PlanState state, long nowMs)
    {
        (_limits, _nowMs) = (snapshot.Policy.Limits, nowMs);
        _lastLeftMs = new long[state.Nodes.Length];
        Array.Fill(_lastLeftMs, long.MinValue);
        foreach (var move in snapshot.RecentMoves)
        {
            if (state.TryNode(move.From, out var from))
                _lastLeftMs[from] = Math.Max(_lastLeftMs[from], move.EndedMs);
            if (!state.TryShard(move.Shard, out var shard))
                continue;
            if (!_byShard.TryGetValue(shard, out var list))
                _byShard[shard] = list = [];
            list.Add(move);
        }
    }

    public bool IsCoolingDown(int shard)
    {
        if (!_byShard.TryGetValue(shard, out var moves))
            return false;
        foreach (var move in moves)
        {
            if (IsWithin(move.EndedMs, Cooldown(move)))
                return true;
        }
        return false;
    }

    public bool WouldReverse(int shard, NodeId from, NodeId to)
    {
        if (!_byShard.TryGetValue(shard, out var moves))
            return false;
        foreach (var move in moves)
        {
            var restSeconds = Math.Max(_limits.CooldownSeconds, Cooldown(move) * _limits.ReversalCooldowns);
            if (move.From == to && move.To == from && IsWithin(move.EndedMs, restSeconds))
                return true;
        }
        return false;
    }

    /// <summary>Whether the node's measured load may still hold what has just left it.</summary>
    public bool IsSettling(int node) => IsWithin(_lastLeftMs[node], _limits.SettleSeconds);

    private double Cooldown(FinishedMove move) =>
        move.Kind == MoveKind.LeaderTransfer ? _limits.LeaderCooldownSeconds : _limits.CooldownSeconds;

    private bool IsWithin(long endedMs, double seconds) =>
        endedMs != long.MinValue && _nowMs - endedMs < seconds * 1000;
}
