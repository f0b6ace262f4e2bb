namespace ShardStore.Node.Telemetry;

/// <summary>
/// Chooses which demands a block carries when not all fit or few changed: a shard whose demand moved by more than a
/// twentieth goes now, the others at least every <see cref="RefreshSeconds"/>, so that a receiver that missed a block
/// is put right. Those that waited longest come first, so that no shard starves. One thread.
/// </summary>
public sealed class DemandDeltas
{
    /// <summary>A demand that did not change is repeated after this time. Receivers call one older than three times
    /// this stale.</summary>
    public const int RefreshSeconds = 10;

    private const float ChangeShare = 0.05f;

    private readonly Dictionary<int, (ShardDemand Demand, long SentMs)> _sent = [];

    /// <summary>At most <see cref="UtilizationBlock.DemandsMax"/> of <paramref name="led"/>.</summary>
    public ShardDemand[] Choose(IReadOnlyList<ShardDemand> led, long nowMs)
    {
        Forget(led);
        var due = new List<(long SentMs, ShardDemand Demand)>();
        foreach (var demand in led)
        {
            var known = _sent.TryGetValue(demand.ShardId, out var last);
            if (!known)
                due.Add((long.MinValue, demand));
            else if (nowMs - last.SentMs >= RefreshSeconds * 1000 || HasChanged(last.Demand, demand))
                due.Add((last.SentMs, demand));
        }
        due.Sort(static (a, b) => a.SentMs != b.SentMs
            ? a.SentMs.CompareTo(b.SentMs)
            : a.Demand.ShardId.CompareTo(b.Demand.ShardId));
        var chosen = new ShardDemand[Math.Min(due.Count, UtilizationBlock.DemandsMax)];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = due[i].Demand;
            _sent[chosen[i].ShardId] = (chosen[i], nowMs);
        }
        return chosen;
    }

    /// <summary>A shard led again later must be sent at once, so what is no longer led is forgotten.</summary>
    private void Forget(IReadOnlyList<ShardDemand> led)
    {
        if (_sent.Count == 0)
            return;
        var ledIds = new HashSet<int>(led.Count);
        foreach (var demand in led)
            ledIds.Add(demand.ShardId);
        foreach (var shardId in _sent.Keys)
        {
            if (!ledIds.Contains(shardId))
                _sent.Remove(shardId);
        }
    }

    private static bool HasChanged(in ShardDemand old, in ShardDemand now) =>
        Differs(old.ReadsPerSecond, now.ReadsPerSecond) || Differs(old.WritesPerSecond, now.WritesPerSecond)
        || Differs(old.CpuMicrosPerSecond, now.CpuMicrosPerSecond)
        || Differs(old.BytesInPerSecond + old.BytesOutPerSecond, now.BytesInPerSecond + now.BytesOutPerSecond);

    private static bool Differs(float old, float now) =>
        Math.Abs(now - old) > ChangeShare * Math.Max(Math.Abs(old), Math.Abs(now));
}
