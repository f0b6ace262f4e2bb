using System.Collections.Immutable;
using System.Text.Json;

namespace ShardStore.Balancer;

/// <summary>All that the profiles say of one shard. Equal when the same is said, whatever document says it.</summary>
public sealed class KnownUsage : IEquatable<KnownUsage>
{
    /// <summary>Under what name growth is shown.</summary>
    public const string GrowthName = "growth";

    private readonly string _said;

    private KnownUsage(UsageProfile[] profiles)
    {
        _said = JsonSerializer.Serialize(new BalancingPolicy { Profiles = [.. profiles] },
            PolicyJson.Default.BalancingPolicy);
        var percent = profiles.Select(p => p.GrowthPercentPerDay).FirstOrDefault(g => g is not null) ?? 0;
        LogGrowthPerDay = Math.Log(1 + (percent / 100));
        Parts =
        [
            .. PartsOf(UsageKind.Window, profiles.SelectMany(
                p => p.Windows.Select(w => (w.Name, UsageTimes.Of(p, w))))),
            .. PartsOf(UsageKind.Event, profiles.SelectMany(
                p => p.Events.Select(e => (e.Name, UsageTimes.Of(p, e))))),
        ];
    }

    internal IReadOnlyList<UsagePart> Parts { get; }

    /// <summary>Logarithm of the declared growth; 0 where none is.</summary>
    internal double LogGrowthPerDay { get; }

    /// <summary>Null where no profile names the shard. The profiles have passed <see cref="ProfileChecks"/>; their
    /// tags are not looked at.</summary>
    public static KnownUsage? Of(ImmutableArray<UsageProfile> profiles, int shard)
    {
        var its = profiles.Where(p => p.Shards.Contains(shard)).Select(p => p with { Shards = [shard], Tag = null })
            .ToArray();
        return its.Length > 0 ? new KnownUsage(its) : null;
    }

    public bool Equals(KnownUsage? other) => _said == other?._said;

    public override bool Equals(object? obj) => Equals(obj as KnownUsage);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_said);

    // In the order in which names are met, so that equal documents make equal lists.
    private static IEnumerable<UsagePart> PartsOf(UsageKind kind, IEnumerable<(string Name, UsageTimes? Times)> said)
        => said.GroupBy(one => one.Name, StringComparer.Ordinal)
            .Select(named => new UsagePart(kind, named.Key, [.. named.Select(one => one.Times).OfType<UsageTimes>()]));
}
