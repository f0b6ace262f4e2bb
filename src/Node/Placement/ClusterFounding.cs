using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ShardStore.Node.Routing;
using ShardStore.Raft;

namespace ShardStore.Node.Placement;

/// <summary>How a cluster begins: pure rules that every node works out alike from the same join list.</summary>
public static class ClusterFounding
{
    /// <summary>Voters of the meta group; the other nodes are its learners.</summary>
    public const int MetaVotersMax = 5;

    public const ulong MetaGroup = 0;

    private const ulong FirstIncarnation = 1;

    /// <summary>Nodes of another join list, or of another order of it, are another cluster: the order numbers them.
    /// 16 hex digits.</summary>
    public static string ClusterIdOf(IEnumerable<string> joinList)
    {
        var text = string.Join('\n', joinList.Select(address => address.ToLowerInvariant()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>The 40-digit id that Redis Cluster clients see: stable for a node's life.</summary>
    public static string HexIdOf(string clusterId, string nodeName) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{clusterId}/{nodeName}")))[..40];

    /// <summary>Of a node that was admitted later: its name may have been another node's before.</summary>
    public static string HexIdOf(string clusterId, string nodeName, int number) =>
        HexIdOf(clusterId, $"{nodeName}#{number}");

    public static ReplicaId ReplicaIdOf(ulong incarnation, int node) => new((incarnation << 16) | (uint)node);

    public static ulong IncarnationOf(ReplicaId replica) => replica.Value >> 16;

    public static ReplicaId MetaReplica(int node) => ReplicaIdOf(FirstIncarnation, node);

    public static Configuration MetaConfiguration(int nodes) => new()
    {
        Voters = [.. Enumerable.Range(1, Math.Min(nodes, MetaVotersMax)).Select(MetaReplica)],
        Learners = [.. Enumerable.Range(1, nodes).Skip(MetaVotersMax).Select(MetaReplica)],
    };

    /// <summary>Shards of equal slot ranges; shard i starts on node i, i+1, … so that leaders and replicas spread
    /// evenly.</summary>
    public static ImmutableArray<ShardRecord> Shards(int count, int replicas, IReadOnlyList<int> nodes)
    {
        var shards = ImmutableArray.CreateBuilder<ShardRecord>(count);
        var copies = Math.Min(replicas, nodes.Count);
        for (var i = 0; i < count; i++)
        {
            var first = (int)((long)i * ShardMap.SlotCount / count);
            var last = (int)(((long)i + 1) * ShardMap.SlotCount / count) - 1;
            var members = Enumerable.Range(0, copies)
                .Select(copy => nodes[(i + copy) % nodes.Count])
                .Select(node => new ReplicaRecord(
                    ReplicaIdOf(FirstIncarnation, node).Value, node, IsVoter: true, ReadWeight: 0))
                .ToImmutableArray();
            shards.Add(new ShardRecord(
                i + 1, first, last, members, [.. members.Select(member => member.ReplicaId)], 0, 0));
        }
        return shards.MoveToImmutable();
    }

    public static Configuration FoundingConfiguration(ShardRecord shard) => new()
    {
        Voters = [.. shard.Founders.Order().Select(id => new ReplicaId(id))],
    };
}
