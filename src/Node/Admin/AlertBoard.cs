using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Admin;

/// <summary>Remembers since when each alert holds. Conditions are looked at when somebody asks (a scrape of the metrics
/// asks too), so "since" is the first look that saw it.</summary>
internal sealed class AlertBoard
{
    private readonly Lock _lock = new();
    private Dictionary<AlertKey, long> _since = [];

    /// <summary>Takes all conditions that hold now and gives them their times; those that ended are forgotten.
    /// </summary>
    public IReadOnlyList<AlertView> Update(IEnumerable<AlertView> holding, long unixMs)
    {
        var alerts = new List<AlertView>();
        var since = new Dictionary<AlertKey, long>();
        lock (_lock)
        {
            foreach (var alert in holding)
            {
                var key = new AlertKey(alert.Kind, alert.Node, alert.Shard);
                var began = _since.GetValueOrDefault(key, alert.SinceUnixMs > 0 ? alert.SinceUnixMs : unixMs);
                since.TryAdd(key, began);
                alerts.Add(alert with { SinceUnixMs = began });
            }
            _since = since;
        }
        return alerts;
    }

    private readonly record struct AlertKey(string Kind, string? Node, int? Shard);
}
