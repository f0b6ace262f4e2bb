using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Metrics;

/// <summary>What the node knows of the others: utilization, connections, moves, alerts.</summary>
internal static class ClusterMetrics
{
    public static void Write(
        PrometheusText text, ClusterReading reading, NodeFigures figures, IReadOnlyList<AlertView> alerts)
    {
        WriteUtilization(text, reading);
        WriteBlocks(text, reading, figures);
        WriteTransport(text, figures);
        WriteLinks(text, reading, figures);
        text.Gauge("map_epoch", "Version of the shard map.").Sample(reading.View.Map.Epoch);
        text.Gauge("shards_without_leader", "Shards of the cluster that nobody can serve.").Sample(
            reading.View.Map.Shards.Count(shard => Views.ClusterViews.IsUnserved(reading, shard)));
        text.Gauge("migrations", "Migrations by stage; ended ones while they are remembered.");
        foreach (var stage in Enum.GetValues<MigrationStage>())
        {
            var count = reading.View.Migrations.Count(migration => migration.Stage == stage);
            text.Sample(count, ("stage", Words.Camel(stage.ToString())));
        }
        text.Gauge("alerts", "Alerts that hold now, by kind and severity.");
        foreach (var kind in alerts.CountBy(alert => (alert.Kind, alert.Severity)))
            text.Sample(kind.Value, ("kind", kind.Key.Kind), ("severity", kind.Key.Severity));
    }

    private static void WriteUtilization(PrometheusText text, ClusterReading reading)
    {
        text.Gauge("node_up", "Whether the node was heard of lately.");
        foreach (var node in reading.View.Nodes)
            text.Sample(reading.IsDown(node.Number) ? 0 : 1, ("node", node.Name));
        Each(text.Gauge("node_sample_age_seconds", "Age of the node's latest sample."), reading,
            known => known.AgeMs(reading.NowMs) / 1000.0);
        Each(text.Gauge("node_cpu_share", "CPU as a share of the node's capacity."), reading,
            known => known.Utilization.CpuShare);
        Each(text.Gauge("node_cpu_attributed_share", "The part of it that shards account for."), reading,
            known => known.Utilization.CpuAttributedShare);
        Each(text.Gauge("node_memory_bytes", "Resident memory."), reading, known => known.Utilization.MemoryBytes);
        Each(text.Gauge("node_reads_per_second", "Reads the node serves."), reading,
            known => known.Utilization.ReadsPerSecond);
        Each(text.Gauge("node_writes_per_second", "Writes the node serves."), reading,
            known => known.Utilization.WritesPerSecond);
        Each(text.Gauge("node_request_seconds_p99", "99th percentile of the last second's requests."), reading,
            known => known.Utilization.RequestMicrosP99 / 1e6);
    }

    private static void Each(PrometheusText family, ClusterReading reading, Func<KnownNode, double> value)
    {
        foreach (var node in reading.View.Nodes)
        {
            if (reading.Known(node.Number) is { } known)
                family.Sample(value(known), ("node", node.Name));
        }
    }

    private static void WriteBlocks(PrometheusText text, ClusterReading reading, NodeFigures figures)
    {
        text.Counter("utilization_blocks_sent_total", "Utilization blocks sent, by the frame they rode on.")
            .Sample(figures.Transport.UtilizationBlocksInConsensusFrames, ("frame", "consensus"))
            .Sample(figures.Transport.UtilizationBlocksElsewhere, ("frame", "other"));
        Each(text.Counter("utilization_blocks_received_total", "Blocks of the node received on consensus frames."),
            reading, known => known.InConsensusFrames);
    }

    private static void WriteTransport(PrometheusText text, NodeFigures figures)
    {
        var counters = figures.Transport;
        text.Counter("peer_frames_sent_total", "Frames sent to other nodes.").Sample(counters.FramesSent);
        text.Counter("peer_sent_bytes_total", "Bytes sent to other nodes.").Sample(counters.BytesSent);
        text.Counter("peer_received_bytes_total", "Bytes received from other nodes.").Sample(counters.BytesReceived);
        text.Counter("peer_messages_sent_total", "Consensus messages sent.").Sample(counters.MessagesSent);
        text.Counter("peer_messages_dropped_total", "Consensus messages given up: the peer was away or too slow.")
            .Sample(counters.MessagesDropped);
        text.Counter("peer_connections_refused_total", "Connections of peers that were refused.")
            .Sample(counters.ConnectionsRefused);
    }

    private static void WriteLinks(PrometheusText text, ClusterReading reading, NodeFigures figures)
    {
        Each(text.Gauge("peer_connected", "Whether the peer is connected."), link => link.Link.Connected ? 1 : 0);
        Each(text.Gauge("peer_round_trip_seconds", "Smoothed round trip to the peer."),
            link => link.Link.RttMicros / 1e6);
        Each(text.Gauge("peer_bandwidth_bytes_per_second", "Bulk bytes a second that the peer took; 0 until measured."),
            link => link.Link.BandwidthBytesPerSecond);

        void Each(PrometheusText family, Func<LinkFigures, double> value)
        {
            foreach (var link in figures.Links)
                family.Sample(value(link), ("peer", reading.NameOf(link.Node)));
        }
    }
}
