using System.Globalization;
using ShardStore.Node.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>CLUSTER SLOTS and SHARDS: one element a shard, its leader first. Stock clients take a node as master or as
/// replica, whichever they meet first, and redis-py asks only masters for all keys. Here a node leads some shards and
/// follows others, so a follower is told of only when it leads nothing, or while reads are being shifted to it. Then
/// nodes carry the share of reads they should get, in percent; stock clients skip what they do not know.</summary>
internal static class ClusterReplies
{
    private const string ReadWeight = "shardstore-read-weight";

    public static void WriteSlots(ShardMap map, RespWriter reply)
    {
        reply.WriteArrayHeader(map.Shards.Length);
        var owners = OwnersOf(map);
        // Last those with a follower that leads elsewhere: it must have been met as a master by then.
        foreach (var shard in map.Shards.OrderBy(ShiftsReads))
        {
            var replicas = InOrder(map, shard, owners);
            reply.WriteArrayHeader(2 + replicas.Count);
            reply.WriteInteger(shard.FirstSlot);
            reply.WriteInteger(shard.LastSlot);
            foreach (var (node, replica) in replicas)
            {
                reply.WriteArrayHeader(4);
                reply.WriteBulk(node.Host);
                reply.WriteInteger(node.Port);
                reply.WriteBulk(node.HexId);
                reply.WriteMapHeader(ShiftsReads(shard) ? 1 : 0);
                if (ShiftsReads(shard))
                    WriteWeight(reply, replica);
            }
        }
    }

    public static void WriteShards(ShardMap map, RespWriter reply)
    {
        reply.WriteArrayHeader(map.Shards.Length);
        var owners = OwnersOf(map);
        foreach (var shard in map.Shards.OrderBy(ShiftsReads))
        {
            var replicas = InOrder(map, shard, owners);
            reply.WriteMapHeader(2);
            reply.WriteBulk("slots"u8);
            reply.WriteArrayHeader(2);
            reply.WriteInteger(shard.FirstSlot);
            reply.WriteInteger(shard.LastSlot);
            reply.WriteBulk("nodes"u8);
            reply.WriteArrayHeader(replicas.Count);
            for (var i = 0; i < replicas.Count; i++)
                WriteShardNode(reply, replicas[i].Node, i == 0, ShiftsReads(shard) ? replicas[i].Replica : null);
        }
    }

    /// <summary>The shard's leader as far as is known; with none known the first replica, so that clients that demand
    /// an owner for every slot go on.</summary>
    public static int OwnerOf(ShardEntry shard) =>
        shard.LeaderNode != 0 ? shard.LeaderNode : shard.Replicas.IsEmpty ? 0 : shard.Replicas[0].Node;

    private static HashSet<int> OwnersOf(ShardMap map) => [.. map.Shards.Select(OwnerOf)];

    private static List<(NodeEntry Node, ReplicaEntry Replica)> InOrder(
        ShardMap map, ShardEntry shard, HashSet<int> owners)
    {
        var owner = OwnerOf(shard);
        var found = new List<(NodeEntry, ReplicaEntry)>(shard.Replicas.Length);
        foreach (var replica in shard.Replicas.OrderBy(replica => replica.Node == owner ? 0 : replica.Node))
        {
            // A learner is told of once reads are meant to go there.
            var isReplicaOnly = replica.IsVoter && !owners.Contains(replica.Node);
            var isShown = replica.Node == owner || replica.ReadWeight > 0 || isReplicaOnly;
            if (isShown && map.Node(replica.Node) is { } node)
                found.Add((node, replica));
        }
        return found;
    }

    private static bool ShiftsReads(ShardEntry shard)
    {
        var owner = OwnerOf(shard);
        foreach (var replica in shard.Replicas)
        {
            if (replica.Node != owner && replica.ReadWeight > 0)
                return true;
        }
        return false;
    }

    private static void WriteShardNode(RespWriter reply, NodeEntry node, bool isLeader, ReplicaEntry? weighted)
    {
        reply.WriteMapHeader(weighted == null ? 7 : 8);
        WritePair(reply, "id", node.HexId);
        reply.WriteBulk("port"u8);
        reply.WriteInteger(node.Port);
        WritePair(reply, "ip", node.Host);
        WritePair(reply, "endpoint", node.Host);
        WritePair(reply, "role", isLeader ? "master" : "replica");
        reply.WriteBulk("replication-offset"u8);
        reply.WriteInteger(0);
        WritePair(reply, "health", "online");
        if (weighted != null)
            WriteWeight(reply, weighted);
    }

    private static void WriteWeight(RespWriter reply, ReplicaEntry replica) =>
        WritePair(reply, ReadWeight, replica.ReadWeight.ToString(CultureInfo.InvariantCulture));

    private static void WritePair(RespWriter reply, string name, string value)
    {
        reply.WriteBulk(name);
        reply.WriteBulk(value);
    }
}
