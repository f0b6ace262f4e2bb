using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Learning;

/// <summary>What the time since the last reading cost, from nothing but the snapshots that decisions are made from, so
/// that a real controller and a simulated one keep the same account. Latency is the estimate of a node's queue by its
/// utilization, since what clients wait for elsewhere is no matter of knobs.</summary>
/// <param name="policy">The policy itself, not as its knobs are turned: that would be another yardstick.</param>
internal sealed class IntervalMeter(BalancingPolicy policy)
{
    /// <summary>Longest time that one snapshot stands for: beyond it nothing is known. Unit: ms.</summary>
    private const long GapMsMax = 120_000;

    private long? _lastMs;
    private ObjectiveParts _sum;

    public void Observe(ClusterSnapshot seen, long nowMs)
    {
        if (_lastMs is { } lastMs && nowMs > lastMs)
        {
            var seconds = Math.Min(nowMs - lastMs, GapMsMax) / 1000.0;
            _sum += Load(seen, seconds) + new ObjectiveParts(0, 0, Moved(seen, lastMs, nowMs));
        }

        _lastMs = nowMs;
    }

    /// <summary>Since the last reading.</summary>
    public ObjectiveParts Read()
    {
        var read = _sum;
        _sum = default;
        return read;
    }

    private ObjectiveParts Load(ClusterSnapshot seen, double seconds)
    {
        var led = new Dictionary<NodeId, double>();
        foreach (var shard in seen.Shards)
        {
            led[shard.Leader] = led.GetValueOrDefault(shard.Leader) + shard.Demand.OpsPerSecond;
        }

        double over = 0, slow = 0, ops = 0, up = 0;
        foreach (var node in seen.Nodes)
        {
            if (node.State == NodeState.Down)
            {
                continue;
            }

            var cpu = node.Utilization.Cpu;
            up++;
            over += cpu > policy.Triggers.Threshold ? 1 : 0;
            var own = led.GetValueOrDefault(node.Id);
            ops += own;
            slow += own * LatencyTail.ShareSlower(ObjectiveParts.SlowMs, cpu, waitMs: 0);
        }

        return new ObjectiveParts(seconds * over, ops > 0 ? seconds * slow / ops : 0,
            ObjectiveParts.PointsPerNodeHour * up * seconds / 3600);
    }

    private double Moved(ClusterSnapshot seen, long lastMs, long nowMs)
    {
        double bytes = 0;
        int transfers = 0, reversals = 0;
        foreach (var move in seen.RecentMoves)
        {
            if (move.EndedMs <= lastMs || move.EndedMs > nowMs)
            {
                continue;
            }

            transfers += move.Kind == MoveKind.LeaderTransfer ? 1 : 0;
            bytes += move.Kind == MoveKind.ReplicaMove ? SizeOf(seen, move.Shard) : 0;
            reversals += Undoes(seen, move) ? 1 : 0;
        }

        return ObjectiveParts.EffortOf(bytes, transfers, reversals);
    }

    private bool Undoes(ClusterSnapshot seen, FinishedMove move)
    {
        var sinceMs = move.EndedMs - (long)(1000 * policy.Limits.CooldownSeconds);
        return seen.RecentMoves.Any(old => old.Succeeded && old.Shard == move.Shard && old.From == move.To
            && old.To == move.From && old.EndedMs > sinceMs && old.EndedMs < move.EndedMs);
    }

    private static double SizeOf(ClusterSnapshot seen, ShardId id)
    {
        foreach (var shard in seen.Shards)
        {
            if (shard.Id == id)
            {
                return shard.SizeBytes;
            }
        }

        return 0;
    }
}
