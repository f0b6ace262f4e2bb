using System.Collections.Immutable;

namespace ShardStore.Balancer;

/// <summary>Nodes and shards in the order of their ids, in which every decision is made. Snapshots mostly come in it,
/// and looking costs far less than sorting.</summary>
internal static class IdOrder
{
    /// <summary>Then no id is there twice.</summary>
    public static bool IsAscending(ReadOnlySpan<ShardLoad> shards)
    {
        for (var i = 1; i < shards.Length; i++)
        {
            if (shards[i].Id <= shards[i - 1].Id)
                return false;
        }
        return true;
    }

    public static ShardLoad[] Sorted(ImmutableArray<ShardLoad> shards)
    {
        var sorted = shards.AsSpan().ToArray();
        if (!IsAscending(sorted))
            Array.Sort(Array.ConvertAll(sorted, shard => shard.Id.Value), sorted);
        return sorted;
    }

    public static NodeLoad[] Sorted(ImmutableArray<NodeLoad> nodes)
    {
        var sorted = nodes.AsSpan().ToArray();
        Array.Sort(Array.ConvertAll(sorted, node => node.Id.Value), sorted);
        return sorted;
    }
}
