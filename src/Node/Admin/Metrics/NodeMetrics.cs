using ShardStore.Node.Admin.Views;
using ShardStore.Node.Telemetry;
using ShardStore.Raft;

namespace ShardStore.Node.Admin.Metrics;

/// <summary>What the node counts about itself: consensus, requests, log, runtime.</summary>
internal static class NodeMetrics
{
    /// <summary>Upper bounds of the latency buckets. Unit: microseconds.</summary>
    private static readonly long[] s_latencyBoundMicros =
    [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    ];

    public static void Write(PrometheusText text, ClusterReading reading, NodeFigures figures)
    {
        text.Gauge("build_info", "The running program; always 1.").Sample(
            1, ("version", ClusterViews.Version), ("node", reading.NameOf(reading.SelfNode)));
        WriteConsensus(text, reading, figures);
        WriteRequests(text, figures);
        WriteLatency(text, figures.RequestLatency);
        WriteShards(text, figures);
        WriteLog(text, figures);
        WriteScrub(text, figures);
        WriteRuntime(text);
    }

    private static void WriteConsensus(PrometheusText text, ClusterReading reading, NodeFigures figures)
    {
        text.Gauge("has_leader", "Whether the meta group has a leader, as this node knows.")
            .Sample(reading.View.LeaderNode == 0 ? 0 : 1);
        text.Gauge("is_controller", "Whether this node leads the meta group.").Sample(reading.View.IsLeader ? 1 : 0);
        text.Gauge("groups", "Consensus groups of this node by the role of its replica.");
        foreach (var role in Enum.GetValues<RaftRole>())
            text.Sample(figures.GroupsByRole.GetValueOrDefault(role), ("role", Words.Camel(role.ToString())));
        text.Gauge("groups_without_leader", "Groups of this node that know of no leader.")
            .Sample(figures.GroupsWithoutLeader.Count);
        text.Counter("leader_changes_seen_total", "Changes of role, leader or term in the groups of this node.")
            .Sample(figures.LeaderChanges);
        text.Gauge("proposals_pending", "Proposals of this node that wait for their entry.")
            .Sample(figures.ProposalsPending);
        text.Counter("proposals_committed_total", "Entries committed, as far as this node knows, over its groups.")
            .Sample(figures.EntriesCommitted);
        text.Counter("proposals_applied_total", "Entries applied here, over all groups.")
            .Sample(figures.EntriesApplied);
        text.Gauge("apply_lag_entries", "Committed and not yet applied, of the group that lags most.")
            .Sample(figures.ApplyLagEntries);
    }

    private static void WriteRequests(PrometheusText text, NodeFigures figures)
    {
        text.Gauge("connected_clients", "Open client connections.").Sample(figures.Clients.Open);
        text.Counter("connections_total", "Client connections accepted.").Sample(figures.Clients.Accepted);
        text.Counter("connections_rejected_total", "Client connections refused.").Sample(figures.Clients.Rejected);
        text.Counter("commands_total", "Commands of clients.").Sample(figures.Clients.Commands);
        text.Gauge("requests_held", "Requests that wait for a leader or a switch now.").Sample(figures.RequestsHeldNow);
        text.Counter("requests_held_total", "Requests that had to wait for a leader or a switch.")
            .Sample(figures.RequestsHeld);
        text.Counter("requests_redirected_total", "Requests answered with MOVED.").Sample(figures.RequestsRedirected);
        text.Counter("snapshot_sent_bytes_total", "Checkpoint bytes sent to other nodes, as sent.")
            .Sample(figures.SnapshotBytesSent);
        text.Counter("snapshot_received_bytes_total", "Checkpoint bytes received from other nodes, as sent.")
            .Sample(figures.SnapshotBytesReceived);
    }

    private static void WriteLatency(PrometheusText text, LatencyCounts latency)
    {
        text.Histogram("request_duration_seconds", "From arrival to reply, of requests to shards led here.");
        var (seen, sumMicros, bound) = (0L, 0.0, 0);
        for (var bucket = 0; bucket < latency.Counts.Length; bucket++)
        {
            var middle = LatencyHistogram.MiddleOf(bucket);
            for (; bound < s_latencyBoundMicros.Length && middle > s_latencyBoundMicros[bound]; bound++)
                WriteBucket(text, s_latencyBoundMicros[bound] / 1e6, seen);
            seen += latency.Counts[bucket];
            sumMicros += (double)latency.Counts[bucket] * middle;
        }
        WriteBucket(text, double.PositiveInfinity, seen);
        text.Sample("_sum", sumMicros / 1e6).Sample("_count", seen);
    }

    private static void WriteBucket(PrometheusText text, double bound, long seen) =>
        text.Sample("_bucket", seen, ("le", PrometheusText.Number(bound)));

    private static void WriteShards(PrometheusText text, NodeFigures figures)
    {
        WriteShards(text.Counter("shard_reads_total", "Reads served by this node's replica."), figures, t => t.Reads);
        WriteShards(text.Counter("shard_writes_total", "Writes served by this node's replica."), figures,
            t => t.Writes);
        WriteShards(text.Counter("shard_in_bytes_total", "Bytes of requests."), figures, t => t.BytesIn);
        WriteShards(text.Counter("shard_out_bytes_total", "Bytes of replies."), figures, t => t.BytesOut);
        WriteShards(text.Counter("shard_cpu_seconds_total", "CPU time attributed to the replica."), figures,
            t => t.CpuMicros / 1e6);
        WriteShards(text.Gauge("shard_size_bytes", "Live bytes of the replica."), figures, t => t.SizeBytes);
        WriteShards(text.Gauge("shard_keys", "Keys of the replica."), figures, t => t.KeyCount);
        text.Gauge("shard_is_leader", "Whether this node leads the shard.");
        foreach (var shard in figures.Shards)
            text.Sample(shard.IsLeader ? 1 : 0, ("shard", shard.Shard.ToString()));
    }

    private static void WriteShards(PrometheusText family, NodeFigures figures, Func<ShardTotals, double> value)
    {
        foreach (var shard in figures.Shards)
            family.Sample(value(shard.Totals), ("shard", shard.Shard.ToString()));
    }

    private static void WriteLog(PrometheusText text, NodeFigures figures)
    {
        text.Summary("wal_fsync_duration_seconds", "Time of a log sync; quantiles of the last 512.")
            .Sample(figures.Log.SyncMicrosP50 / 1e6, ("quantile", "0.5"))
            .Sample(figures.Log.SyncMicrosP99 / 1e6, ("quantile", "0.99"))
            .Sample("_count", figures.Log.Syncs);
        text.Counter("wal_written_bytes_total", "Bytes written to the log.").Sample(figures.Log.BytesWritten);
        text.Gauge("wal_disk_bytes", "Bytes the log takes on disk.").Sample(figures.Log.DiskBytes);
    }

    private static void WriteScrub(PrometheusText text, NodeFigures figures)
    {
        text.Counter("scrub_read_bytes_total", "Bytes at rest read again and compared with their checksums.")
            .Sample(figures.Scrub.BytesRead);
        text.Counter("scrub_passes_total", "Passes over all that lies at rest.").Sample(figures.Scrub.Passes);
        text.Gauge("scrub_pass_age_seconds", "Since the last whole pass, or the start when none has ended.")
            .Sample(figures.Scrub.PassAgeMs / 1000.0);
        text.Counter("damage_found_total", "Stores and log segments found damaged.").Sample(figures.Scrub.Found);
        text.Counter("damage_repaired_total", "Of those, replaced, or given up with all that was live saved.")
            .Sample(figures.Scrub.Repaired);
        text.Gauge("damaged", "Stores and log segments that are damaged now.").Sample(figures.Scrub.Open);
    }

    private static void WriteRuntime(PrometheusText text)
    {
        text.Gauge("process_resident_memory_bytes", "Resident memory of the process.")
            .Sample(Environment.WorkingSet);
        text.Counter("process_cpu_seconds_total", "CPU time of the process.")
            .Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Counter("dotnet_gc_pause_seconds_total", "Time the process was stopped for garbage collection.")
            .Sample(GC.GetTotalPauseDuration().TotalSeconds);
        text.Gauge("dotnet_thread_pool_queue_length", "Work items that wait for a thread.")
            .Sample(ThreadPool.PendingWorkItemCount);
    }
}
