using System.Collections.Immutable;
using System.Text;
using ShardStore.Balancer;
using ShardStore.Node.Routing;
using ShardStore.Resp;

namespace ShardStore.Node.Placement;

/// <summary>Which shards the usage profiles of a policy are about on a given map.</summary>
internal static class ProfileShards
{
    /// <summary>The profiles with the shard of its slot in place of every tag.</summary>
    public static ImmutableArray<UsageProfile> Resolve(ImmutableArray<UsageProfile> profiles, ShardMap map) =>
    [
        .. profiles.Select(profile => profile.Tag is { } tag
            ? profile with { Tag = null, Shards = [.. ShardsOf(tag, map)] }
            : profile),
    ];

    /// <summary>Throws <see cref="PolicyException"/> for a shard that the map does not have, and for contradictions
    /// between profiles that name one shard, one by its number and one by a tag, or by two tags.</summary>
    public static void Check(ImmutableArray<UsageProfile> profiles, ShardMap map)
    {
        for (var i = 0; i < profiles.Length; i++)
        {
            for (var j = 0; j < profiles[i].Shards.Length; j++)
            {
                var shard = profiles[i].Shards[j];
                if (map.Shard(shard) is null)
                {
                    throw new PolicyException($"$.profiles[{i}].shards[{j}]",
                        $"shard {shard} does not exist; the cluster has {map.Shards.Length}");
                }
            }
        }
        if (!map.Shards.IsEmpty)
            ProfileChecks.Check(Resolve(profiles, map));
    }

    /// <summary>One, or none while the map does not cover the slot.</summary>
    private static IEnumerable<int> ShardsOf(string tag, ShardMap map) =>
        map.ShardOfSlot(HashSlot.Of(Encoding.UTF8.GetBytes(tag))) is { } shard ? [shard.Id] : [];
}
