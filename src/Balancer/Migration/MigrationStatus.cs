namespace ShardStore.Balancer;

/// <summary>A migration's stage and since when. Changes only along the table of legal transitions.</summary>
public readonly record struct MigrationStatus(MigrationStage Stage, long SinceMs, string Reason = "")
{
    public static MigrationStatus Start(long nowMs) => new(MigrationStage.Planned, nowMs);

    public bool IsEnded => Stage is MigrationStage.Done or MigrationStage.Failed;

    /// <summary>The whole table. Nothing leads back from <see cref="MigrationStage.Retiring"/>: the new membership is
    /// committed, so the only safe direction is onward, however long that takes.</summary>
    public static bool IsLegal(MigrationStage from, MigrationStage to) => (from, to) switch
    {
        (MigrationStage.Planned, MigrationStage.Seeding) => true,
        // A leader transfer has nothing to seed.
        (MigrationStage.Planned, MigrationStage.SwitchingOver) => true,
        (MigrationStage.Seeding, MigrationStage.CatchingUp) => true,
        // The log was cut behind a target that was too slow: it needs a newer checkpoint.
        (MigrationStage.CatchingUp, MigrationStage.Seeding) => true,
        (MigrationStage.CatchingUp, MigrationStage.ShiftingReads) => true,
        (MigrationStage.ShiftingReads, MigrationStage.SwitchingOver) => true,
        (MigrationStage.SwitchingOver, MigrationStage.Retiring) => true,
        // A leader transfer leaves both replicas in place.
        (MigrationStage.SwitchingOver, MigrationStage.Done) => true,
        (MigrationStage.Retiring, MigrationStage.Done) => true,
        (MigrationStage.Planned, MigrationStage.Failed) => true,
        (MigrationStage.RollingBack, MigrationStage.Failed) => true,
        ( >= MigrationStage.Seeding and <= MigrationStage.SwitchingOver, MigrationStage.RollingBack) => true,
        _ => false,
    };

    /// <summary>The status after a change; throws where the table forbids it, since that is a bug of the caller and a
    /// persisted wrong stage could delete the only copy.</summary>
    public MigrationStatus Enter(MigrationStage next, long nowMs, string reason = "")
    {
        if (!IsLegal(Stage, next))
            throw new InvalidOperationException($"a migration cannot go from {Stage} to {next}");
        return new MigrationStatus(next, nowMs, reason);
    }
}
