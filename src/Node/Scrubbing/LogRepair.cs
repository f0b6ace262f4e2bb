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
    private int _seen;

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
        LookForNews();
        foreach (var (stream, position) in _known.Count > 0 ? host.Log.Unreadable() : [])
            host.Group(stream)?.Checkpoints.GiveUpThrough(position);
    }

    private void LookForNews()
    {
        var seen = host.Log.DamageSeenAfter(_seen);
        _seen += seen.Count;
        foreach (var damage in seen)
        {
            _known[damage.Segment] = damage;
            Found?.Invoke(damage);
        }
        if (_known.Count == 0)
            return;
        foreach (var gone in _known.Keys.Except(host.Log.Damage.Select(damage => damage.Segment)).ToArray())
        {
            _known.Remove(gone, out var damage);
            Repaired?.Invoke(damage!);
        }
    }
}
