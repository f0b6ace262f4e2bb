using System.Diagnostics;
using System.Globalization;
using System.Text;
using ShardStore.Node.Server;

namespace ShardStore.Node.Commands;

/// <summary>The text of INFO: sections of "key:value" lines, with the keys that Redis clients read.</summary>
internal static class StatusReport
{
    public static string Build(
        ConnectionSession session, Func<string, bool, bool> isWanted, (long Keys, long Expiring)? keyspace)
    {
        var server = session.Server;
        var text = new StringBuilder(2048);
        void Section(string name, Func<IEnumerable<string>> lines, bool inDefault = true)
        {
            if (isWanted(name, inDefault))
                Append(text, name, lines());
        }
        Section("server", () => ServerLines(server));
        Section("clients", () => ClientLines(server));
        Section("memory", MemoryLines);
        Section("persistence", PersistenceLines);
        Section("stats", () => StatLines(server));
        Section("replication", () => ReplicationLines(server));
        Section("cpu", CpuLines);
        Section("commandstats", () => server.Calls.Lines(), inDefault: false);
        Section("cluster", () => ["cluster_enabled:1"]);
        foreach (var section in server.Options.InfoSections?.Invoke() ?? [])
            Section(section.Key, () => section.Value);
        if (keyspace is { } counts)
            Section("keyspace", () => KeyspaceLines(counts));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IEnumerable<string> lines)
    {
        if (text.Length > 0)
            text.Append("\r\n");
        text.Append("# ").Append(char.ToUpperInvariant(name[0])).Append(name.AsSpan(1)).Append("\r\n");
        foreach (var line in lines)
            text.Append(line).Append("\r\n");
    }

    private static IEnumerable<string> ServerLines(ServerState server) =>
    [
        "redis_version:" + ConnectionCommands.RedisVersion,
        "redis_git_sha1:00000000",
        "redis_git_dirty:0",
        "redis_mode:cluster",
        "server_name:shardstore",
        "os:" + Environment.OSVersion.VersionString,
        "arch_bits:64",
        "process_id:" + Number(Environment.ProcessId),
        "run_id:" + server.RunId,
        "tcp_port:" + Number(server.Port),
        "uptime_in_seconds:" + Number((long)server.Uptime.TotalSeconds),
        "uptime_in_days:" + Number((long)server.Uptime.TotalDays),
        "hz:10",
        "executable:" + Environment.ProcessPath,
        "config_file:",
    ];

    private static IEnumerable<string> ClientLines(ServerState server) =>
    [
        "connected_clients:" + Number(server.Connections.Count),
        "cluster_connections:0",
        "maxclients:" + Number(server.Options.Limits.ConnectionsMax),
        "blocked_clients:0",
    ];

    private static IEnumerable<string> MemoryLines()
    {
        var used = GC.GetTotalMemory(forceFullCollection: false);
        return
        [
            "used_memory:" + Number(used),
            "used_memory_human:" + Megabytes(used),
            "used_memory_rss:" + Number(Environment.WorkingSet),
            "used_memory_rss_human:" + Megabytes(Environment.WorkingSet),
            "used_memory_peak:" + Number(Math.Max(used, GC.GetGCMemoryInfo().HeapSizeBytes)),
            "total_system_memory:" + Number(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            "maxmemory:0",
            "maxmemory_human:0B",
            "maxmemory_policy:noeviction",
            "mem_fragmentation_ratio:1.00",
            "mem_allocator:dotnet",
        ];
    }

    private static IEnumerable<string> PersistenceLines() =>
    [
        "loading:0",
        "async_loading:0",
        "rdb_changes_since_last_save:0",
        "rdb_bgsave_in_progress:0",
        "rdb_last_bgsave_status:ok",
        "aof_enabled:1",
        "aof_rewrite_in_progress:0",
        "aof_last_write_status:ok",
    ];

    private static IEnumerable<string> StatLines(ServerState server) =>
    [
        "total_connections_received:" + Number(server.ConnectionCount),
        "total_commands_processed:" + Number(server.CommandCount),
        "rejected_connections:" + Number(server.RejectedCount),
        "expired_keys:0",
        "evicted_keys:0",
        "pubsub_channels:0",
        "pubsub_patterns:0",
    ];

    private static IEnumerable<string> ReplicationLines(ServerState server) =>
    [
        "role:master",
        "connected_slaves:0",
        "master_failover_state:no-failover",
        "master_replid:" + (server.Cluster.Map.Node(server.Cluster.SelfNode)?.HexId ?? server.RunId),
        "master_replid2:0000000000000000000000000000000000000000",
        "master_repl_offset:" + Number(server.Cluster.Map.Epoch),
        "second_repl_offset:-1",
        "repl_backlog_active:0",
    ];

    private static IEnumerable<string> CpuLines()
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            "used_cpu_sys:" + Seconds(process.PrivilegedProcessorTime),
            "used_cpu_user:" + Seconds(process.UserProcessorTime),
            "used_cpu_sys_children:0.000000",
            "used_cpu_user_children:0.000000",
        ];
    }

    private static IEnumerable<string> KeyspaceLines((long Keys, long Expiring) counts) =>
        counts.Keys == 0 ? [] : [$"db0:keys={Number(counts.Keys)},expires={Number(counts.Expiring)},avg_ttl=0"];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) =>
        (bytes / 1048576.0).ToString("F2", CultureInfo.InvariantCulture) + "M";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
}
