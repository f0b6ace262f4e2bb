using System.Collections.Immutable;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Placement;

/// <summary>A copy of what the controller and the admin API need of the meta group, taken on the loop.</summary>
public sealed record MetaView
{
    private const int EndedShown = 100;

    public required bool IsLeader { get; init; }
    public required int LeaderNode { get; init; }
    public required ShardMap Map { get; init; }
    public required ImmutableArray<NodeRecord> Nodes { get; init; }
    public required ImmutableArray<ShardRecord> Shards { get; init; }
    public required ImmutableArray<MigrationRecord> Migrations { get; init; }
    public required ImmutableArray<EventRecord> Events { get; init; }
    public required PolicyRecord? Policy { get; init; }

    /// <summary>The newest versions, oldest first.</summary>
    public required ImmutableArray<PolicyRecord> Policies { get; init; }

    public required ModelSet Models { get; init; }

    /// <summary>Open ones and the newest that ended, by number.</summary>
    public ImmutableArray<RecommendationRecord> Recommendations { get; init; } = [];

    /// <summary>Bytes of the models, by number.</summary>
    public required ImmutableDictionary<long, ReadOnlyMemory<byte>> ModelBytes { get; init; }

    public IEnumerable<MigrationRecord> Active => Migrations.Where(migration => !migration.IsOver);

    public static MetaView Of(MetaGroup meta, ShardMap map) => new()
    {
        IsLeader = meta.IsLeader,
        LeaderNode = meta.LeaderNode,
        Map = map,
        Nodes = [.. meta.State.Nodes.Values],
        Shards = [.. meta.State.Shards.Values],
        Migrations = [.. meta.State.Migrations.Values.TakeLast(EndedShown)],
        Events = [.. meta.State.Events.Values],
        Policy = meta.State.Policy,
        Policies = [.. meta.State.Policies.Values],
        Models = meta.State.Models,
        Recommendations = [.. meta.State.Recommendations.Values],
        ModelBytes = meta.State.ModelBytes,
    };
}
