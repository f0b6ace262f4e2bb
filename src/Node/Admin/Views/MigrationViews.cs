using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Moves, newest last. While a copy is being seeded its progress is asked of the shard's leader; it is not
/// replicated, since it changes all the time.</summary>
internal static class MigrationViews
{
    public static async Task<IReadOnlyList<MigrationView>> AllAsync(
        ClusterReading reading, IAdminSource source, CancellationToken cancellation)
    {
        var statuses = await Task.WhenAll(reading.View.Migrations.Select(
            migration => StatusAsync(reading, source, migration, cancellation)));
        return [.. reading.View.Migrations.Zip(statuses, (migration, status) => Of(reading, migration, status))];
    }

    public static async Task<MigrationView> OneAsync(
        ClusterReading reading, IAdminSource source, long id, CancellationToken cancellation)
    {
        var migration = Find(reading, id);
        return Of(reading, migration, await StatusAsync(reading, source, migration, cancellation));
    }

    public static MigrationRecord Find(ClusterReading reading, long id) =>
        reading.View.Migrations.FirstOrDefault(migration => migration.Id == id)
            ?? throw AdminProblem.UnknownMigration(
                id.ToString(), reading.View.Migrations.Select(migration => migration.Id));

    private static async Task<ShardStatus?> StatusAsync(
        ClusterReading reading, IAdminSource source, MigrationRecord migration, CancellationToken cancellation)
    {
        if (migration.Stage != MigrationStage.Seeding)
            return null;
        var leader = reading.View.Map.Shard(migration.Shard)?.LeaderNode ?? 0;
        return leader == 0 ? null : await source.StatusAsync(migration.Shard, leader, cancellation);
    }

    private static MigrationView Of(ClusterReading reading, MigrationRecord migration, ShardStatus? status)
    {
        var moved = Moved(migration, status);
        var total = Math.Max(migration.Bytes, Math.Max(moved, status?.SnapshotTotalBytes ?? 0));
        var seconds = Math.Max(1, reading.UnixMs - migration.StageSinceMs) / 1000.0;
        var rate = status is null ? 0 : moved / seconds;
        return new MigrationView
        {
            Id = migration.Id,
            Shard = migration.Shard,
            From = reading.NameOf(migration.From),
            To = reading.NameOf(migration.To),
            Kind = Words.Of(migration.Kind),
            Stage = migration.Stage.ToString(),
            Reason = migration.Reason,
            PolicyVersion = migration.PolicyVersion,
            Problem = migration.Error.Length > 0 ? migration.Error : null,
            StartedUnixMs = migration.StartedMs,
            StageSinceUnixMs = migration.StageSinceMs,
            EndedUnixMs = migration.IsOver ? migration.EndedMs : null,
            BytesTotal = total,
            BytesMoved = moved,
            // The transport compresses all transfers of a node together; the part of one is not known.
            BytesOnWire = 0,
            BytesPerSecond = rate,
            ReadPercent = migration.ReadPercent,
            ContentHash = Proven(migration),
            SecondsLeft = rate > 0 ? (total - moved) / rate : null,
        };
    }

    private static string? Proven(MigrationRecord migration) =>
        migration.Stage is MigrationStage.Retiring or MigrationStage.Done && migration.ContentHash != 0
            ? migration.ContentHash.ToString("x16")
            : null;

    private static long Moved(MigrationRecord migration, ShardStatus? status) => migration.Stage switch
    {
        MigrationStage.Seeding => status?.SnapshotBytes ?? 0,
        >= MigrationStage.CatchingUp and <= MigrationStage.Done => migration.Bytes,
        _ => 0,
    };
}
