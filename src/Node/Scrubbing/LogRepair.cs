using ShardStore.Node.Replication;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Scrubbing;

/// <summary>Sees that damaged segments of the log are given up. The log moves what is live away by itself, a bounded
/// part with each commit; this makes sure that there are commits, and that groups checkpoint past what cannot be
/// moved. Owned by the loop.</summary>
public sealed class LogRepair(ReplicaHost host)
{
    private const long PeriodMicros = 250_000;
    private readonly SortedDictionary<ulong, LogDamage> _known = [];
    private long _nextMicros;

    public event Action<LogDamage>? Found;

    /// <summary>The segment is deleted.</summary>
    public event Action<LogDamage>? Repaired;

    public void Tick(long nowMicros)
    {
        if (_known.Count > 0 && host.Pump.Batch.Count == 0)
            host.Groups.First().RewriteState();
        if (nowMicros < _nextMicros)
            return;
        _nextMicros = nowMicros + PeriodMicros;
        Compare(host.Log.Damage);
        foreach (var (stream, position) in _known.Count > 0 ? host.Log.Unreadable() : [])
            host.Group(stream)?.Checkpoints.GiveUpThrough(position);
    }

    private void Compare(IReadOnlyList<LogDamage> now)
    {
        foreach (var damage in now)
        {
            if (_known.TryAdd(damage.Segment, damage))
                Found?.Invoke(damage);
        }
        foreach (var gone in _known.Keys.Except(now.Select(damage => damage.Segment)).ToArray())
        {
            _known.Remove(gone, out var damage);
            Repaired?.Invoke(damage!);
        }
    }
}
