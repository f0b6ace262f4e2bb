using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>What the meta group allows of a migration, and what a shard's replicas are after each stage.</summary>
public static class MigrationRules
{
    /// <summary>Why a migration cannot start now, or null.</summary>
    public static string? Refuse(MetaState state, StartMigration start)
    {
        if (!state.Shards.TryGetValue(start.Shard, out var shard))
            return $"shard {start.Shard} does not exist: shards are 1 to {state.Shards.Count}";
        if (!state.Nodes.ContainsKey(start.From) || !state.Nodes.TryGetValue(start.To, out var target))
            return $"node {(state.Nodes.ContainsKey(start.From) ? start.To : start.From)} does not exist";
        if (start.From == start.To)
            return "source and destination are the same node";
        if (state.ActiveMigrations.Any(active => active.Shard == start.Shard))
            return $"shard {start.Shard} is moving already";
        if (!shard.Replicas.Any(replica => replica.Node == start.From && replica.IsVoter))
            return $"node {start.From} has no replica of shard {start.Shard}";
        var hasTarget = shard.Replicas.Any(replica => replica.Node == start.To);
        if (start.Kind == MoveKind.ReplicaMove && hasTarget)
            return $"node {start.To} has a replica of shard {start.Shard} already: a leader transfer is enough";
        if (start.Kind == MoveKind.LeaderTransfer && !hasTarget)
            return $"node {start.To} has no replica of shard {start.Shard} to lead it";
        return start.Kind == MoveKind.ReplicaMove && target.Draining ? $"node {start.To} is being drained" : null;
    }

    /// <summary>A leader transfer has nothing to seed or retire; everything else is the planner's table.</summary>
    public static bool IsLegal(MoveKind kind, MigrationStage from, MigrationStage to) =>
        kind == MoveKind.LeaderTransfer
            ? (from, to) is (MigrationStage.Planned, MigrationStage.SwitchingOver)
                or (MigrationStage.SwitchingOver, MigrationStage.Done)
                or (MigrationStage.Planned or MigrationStage.SwitchingOver, MigrationStage.Failed)
            : MigrationStatus.IsLegal(from, to);

    public static ShardRecord ReplicasAfter(ShardRecord shard, MigrationRecord migration)
    {
        if (migration.Kind == MoveKind.LeaderTransfer)
            return shard;
        return migration.Stage switch
        {
            // The destination votes and holds all data; the source has left the group and may delete itself.
            MigrationStage.Retiring => shard with
            {
                Replicas = [.. shard.Replicas
                    .Where(replica => replica.ReplicaId != migration.FromReplica)
                    .Select(replica => replica.ReplicaId == migration.ToReplica
                        ? replica with { IsVoter = true, ReadWeight = 0 }
                        : replica)],
            },
            MigrationStage.RollingBack => shard with
            {
                Replicas = [.. shard.Replicas.Select(replica => replica.ReplicaId == migration.ToReplica
                    ? replica with { ReadWeight = 0 }
                    : replica)],
            },
            MigrationStage.Failed => shard with
            {
                Replicas = [.. shard.Replicas.Where(replica => replica.ReplicaId != migration.ToReplica)],
            },
            _ => shard,
        };
    }
}
