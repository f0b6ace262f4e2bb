using System.Globalization;
using System.Text;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Commands;

/// <summary>CLUSTER NODES and INFO. Every node counts as a master, with the slots of the shards it leads; but for
/// "myself" all nodes with the same map tell the same, which redis-cli checks.</summary>
internal static class ClusterText
{
    public static string Nodes(IClusterView cluster)
    {
        var map = cluster.Map;
        var text = new StringBuilder();
        foreach (var node in map.Nodes)
        {
            var flags = node.Number == cluster.SelfNode ? "myself,master" : "master";
            text.Append(CultureInfo.InvariantCulture,
                $"{node.HexId} {node.Host}:{node.Port}@{node.PeerPort} {flags} - 0 0 {map.Epoch} connected");
            AppendSlots(text, map, node.Number);
            text.Append('\n');
        }
        return text.ToString();
    }

    public static string Info(IClusterView cluster)
    {
        var map = cluster.Map;
        // A slot whose node is not listed yet is nowhere for a client; redis-cli crashes on a list of none.
        var assigned = map.Shards.Where(shard => map.Node(ClusterReplies.OwnerOf(shard)) is not null)
            .Sum(shard => shard.LastSlot - shard.FirstSlot + 1);
        var masters = map.Shards.Select(ClusterReplies.OwnerOf).Distinct().Count();
        (string Name, object Value)[] lines =
        [
            ("cluster_state", assigned == ShardMap.SlotCount ? "ok" : "fail"),
            ("cluster_slots_assigned", assigned),
            ("cluster_slots_ok", assigned),
            ("cluster_slots_pfail", 0),
            ("cluster_slots_fail", 0),
            ("cluster_known_nodes", map.Nodes.Length),
            ("cluster_size", masters),
            ("cluster_current_epoch", map.Epoch),
            ("cluster_my_epoch", map.Epoch),
            ("cluster_stats_messages_sent", 0),
            ("cluster_stats_messages_received", 0),
            ("total_cluster_links_buffer_limit_exceeded", 0),
        ];
        return string.Concat(lines.Select(line => $"{line.Name}:{line.Value}\r\n"));
    }

    /// <summary>Neighbouring shards of one leader are told as one range.</summary>
    private static void AppendSlots(StringBuilder text, ShardMap map, int node)
    {
        var first = -1;
        var last = -2;
        foreach (var shard in map.Shards)
        {
            if (ClusterReplies.OwnerOf(shard) != node)
                continue;
            if (shard.FirstSlot != last + 1)
            {
                AppendRange(text, first, last);
                first = shard.FirstSlot;
            }
            last = shard.LastSlot;
        }
        AppendRange(text, first, last);
    }

    private static void AppendRange(StringBuilder text, int first, int last)
    {
        if (first < 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $" {first}");
        if (last != first)
            text.Append(CultureInfo.InvariantCulture, $"-{last}");
    }
}
