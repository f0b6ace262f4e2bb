using System.Collections.Immutable;

namespace ShardStore.Node.Routing;

/// <summary>A member of the cluster. <paramref name="Number"/> is small, stable and never reused; 1 is the first.
/// <paramref name="HexId"/> is the 40-digit id that Redis Cluster clients see. <paramref name="Host"/> is what clients
/// dial; <paramref name="PeerHost"/> what other nodes dial when that differs (containers), else empty.</summary>
public sealed record NodeEntry(
    int Number, string Name, string HexId, string Host, int Port, int PeerPort, int AdminPort, string Zone,
    double CapacityCores, string PeerHost = "");

/// <summary>One copy of a shard. <paramref name="ReadWeight"/>: percent of reads that clients should send
/// here.</summary>
public sealed record ReplicaEntry(ulong ReplicaId, int Node, bool IsVoter, int ReadWeight);

/// <summary>A contiguous slot range, both ends included, and who holds it. <paramref name="LeaderNode"/> 0 = not
/// known. Shard ids start at 1; 0 is the meta group.</summary>
public sealed record ShardEntry(
    int Id, int FirstSlot, int LastSlot, ImmutableArray<ReplicaEntry> Replicas, int LeaderNode, ulong LeaderTerm)
{
    public bool Holds(int slot) => slot >= FirstSlot && slot <= LastSlot;
}

/// <summary>Slots → shard → replicas, immutable and versioned: replaced as a whole, read without a lock.</summary>
public sealed class ShardMap
{
    public const int SlotCount = 16384;

    public static readonly ShardMap Empty = new(0, "", [], []);

    // Places in Shards from 1, 0 for no shard: a map is made at every change of a leader, and references would be four
    // times as many bytes, too many for a young object.
    private readonly ushort[] _placeOfSlot = new ushort[SlotCount];
    private readonly Dictionary<int, NodeEntry> _nodesByNumber = [];
    private readonly Dictionary<int, ShardEntry> _shardsById = [];

    public ShardMap(
        long epoch, string clusterId, ImmutableArray<NodeEntry> nodes, ImmutableArray<ShardEntry> shards)
    {
        Epoch = epoch;
        ClusterId = clusterId;
        Nodes = nodes;
        Shards = shards;
        foreach (var node in nodes)
            _nodesByNumber[node.Number] = node;
        for (var place = 0; place < shards.Length; place++)
        {
            var shard = shards[place];
            _shardsById[shard.Id] = shard;
            _placeOfSlot.AsSpan(shard.FirstSlot..(shard.LastSlot + 1)).Fill((ushort)(place + 1));
        }
    }

    public long Epoch { get; }
    public string ClusterId { get; }

    /// <summary>Sorted by number.</summary>
    public ImmutableArray<NodeEntry> Nodes { get; }

    /// <summary>Sorted by first slot.</summary>
    public ImmutableArray<ShardEntry> Shards { get; }

    public ShardEntry? ShardOfSlot(int slot) => _placeOfSlot[slot] is > 0 and var place ? Shards[place - 1] : null;
    public NodeEntry? Node(int number) => _nodesByNumber.GetValueOrDefault(number);
    public ShardEntry? Shard(int id) => _shardsById.GetValueOrDefault(id);
}
