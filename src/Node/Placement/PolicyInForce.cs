using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>The policy that applies, and what its profiles say of each shard. Read anew only when the document or the
/// map has changed: profiles are held against each other, which takes its time. Owned by one caller at a
/// time.</summary>
internal sealed class PolicyInForce
{
    private (string? Json, long Version, long Epoch, BalancingPolicy Default)? _read;
    private Dictionary<int, KnownUsage> _usages = [];

    public BalancingPolicy Policy { get; private set; } = BalancingPolicy.Default;

    public void Read(MetaView view, BalancingPolicy byDefault)
    {
        var now = (view.Policy?.Json, view.Policy?.Version ?? 0, view.Map.Epoch, byDefault);
        if (_read == now)
            return;
        Policy = view.Policy is { } set ? PolicyDocument.Parse(set.Json) with { Version = set.Version } : byDefault;
        var profiles = ProfileShards.Resolve(Policy.Profiles, view.Map);
        _usages = profiles.SelectMany(profile => profile.Shards).Distinct()
            .ToDictionary(shard => shard, shard => KnownUsage.Of(profiles, shard)!);
        _read = now;
    }

    public SeriesView WithUsage(SeriesView view) =>
        view with { Usage = _usages.GetValueOrDefault((int)view.Id.Value) };
}
