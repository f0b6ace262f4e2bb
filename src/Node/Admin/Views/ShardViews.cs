using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Routing;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Views;

/// <summary>Shards by slot, with what clients ask of them.</summary>
internal static class ShardViews
{
    public static IReadOnlyList<ShardView> All(ClusterReading reading, ClusterTelemetry telemetry)
    {
        var demands = telemetry.Demands().ToDictionary(known => known.Demand.ShardId);
        var moving = reading.View.Active.ToDictionary(migration => migration.Shard, migration => migration.Id);
        return [.. reading.View.Map.Shards.Select(shard => Of(reading, shard) with
        {
            Demand = demands.TryGetValue(shard.Id, out var demand) ? DemandView.Of(demand, reading.NowMs) : null,
            MigrationId = moving.TryGetValue(shard.Id, out var id) ? id : null,
        })];
    }

    private static ShardView Of(ClusterReading reading, ShardEntry shard) => new()
    {
        Id = shard.Id,
        FirstSlot = shard.FirstSlot,
        LastSlot = shard.LastSlot,
        Leader = shard.LeaderNode == 0 ? null : reading.NameOf(shard.LeaderNode),
        LeaderTerm = (long)shard.LeaderTerm,
        Replicas = [.. shard.Replicas.Select(replica => new ReplicaView(
            reading.NameOf(replica.Node), (long)replica.ReplicaId, replica.IsVoter, replica.ReadWeight))],
    };
}
