using System.Collections.Concurrent;

namespace ShardStore.Node.Server;

/// <summary>The configuration names that clients and tools ask Redis for. Some are true here, some are what a tool
/// must read to go on; those that only matter to Redis may be set, and are remembered, without effect.</summary>
public sealed class ConfigValues
{
    private readonly ConcurrentDictionary<string, string> _settable = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _fixed;

    public ConfigValues(RespServerOptions options)
    {
        foreach (var (name, value) in Harmless())
            _settable[name] = value;
        _fixed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["appendonly"] = "yes",
            ["appendfsync"] = "always",
            ["save"] = "",
            ["databases"] = "1",
            ["cluster-enabled"] = "yes",
            ["cluster-require-full-coverage"] = "no",
            ["cluster-preferred-endpoint-type"] = "ip",
            ["enable-debug-command"] = "no",
            ["protected-mode"] = "no",
            ["maxclients"] = options.Limits.ConnectionsMax.ToString(),
            ["tcp-backlog"] = options.Limits.Backlog.ToString(),
            ["tcp-keepalive"] = options.Limits.KeepAliveSeconds.ToString(),
            ["proto-max-bulk-len"] = options.Limits.Request.BulkBytesMax.ToString(),
            ["client-query-buffer-limit"] = options.Limits.Request.RequestBytesMax.ToString(),
            ["requirepass"] = "",
            ["bind"] = options.Listen.Address.ToString(),
            ["port"] = options.Listen.Port.ToString(),
        };
    }

    /// <summary>All names and values, sorted by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> All =>
        _fixed.Concat(_settable).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    public bool IsKnown(string name) => _fixed.ContainsKey(name) || _settable.ContainsKey(name);

    public bool IsSettable(string name) => _settable.ContainsKey(name);

    public void Set(string name, string value) => _settable[name.ToLowerInvariant()] = value;

    private static IEnumerable<(string Name, string Value)> Harmless() =>
    [
        ("timeout", "0"),
        ("maxmemory", "0"),
        ("maxmemory-policy", "noeviction"),
        ("maxmemory-samples", "5"),
        ("hz", "10"),
        ("slave-read-only", "yes"),
        ("replica-read-only", "yes"),
        ("slowlog-log-slower-than", "10000"),
        ("slowlog-max-len", "128"),
        ("latency-monitor-threshold", "0"),
        ("notify-keyspace-events", ""),
        ("busy-reply-threshold", "5000"),
        ("lua-time-limit", "5000"),
        ("acllog-max-len", "128"),
        ("activedefrag", "no"),
        ("lazyfree-lazy-expire", "no"),
        ("lazyfree-lazy-user-del", "no"),
        ("lazyfree-lazy-user-flush", "no"),
        ("cluster-node-timeout", "15000"),
        ("client-output-buffer-limit", "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"),
        ("hash-max-listpack-entries", "512"),
        ("list-max-listpack-size", "-2"),
        ("set-max-intset-entries", "512"),
        ("zset-max-listpack-entries", "128"),
        ("loglevel", "notice"),
    ];
}
