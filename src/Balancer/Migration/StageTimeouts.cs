namespace ShardStore.Balancer;

/// <summary>How long a stage may take before its exit is used. Unit: seconds, range 1–86,400 each.</summary>
public sealed record StageTimeouts
{
    /// <summary>Default 60: a plan that has not begun by then rests on old figures.</summary>
    public double PlannedSeconds { get; init; } = 60;

    /// <summary>Default 120, and at least four times what the transfer was expected to take.</summary>
    public double SeedingSeconds { get; init; } = 120;

    /// <summary>Default 120.</summary>
    public double CatchingUpSeconds { get; init; } = 120;

    /// <summary>Default 120: four shares, each watched for some seconds.</summary>
    public double ShiftingReadsSeconds { get; init; } = 120;

    /// <summary>Default 30: an election and a joint change fit several times.</summary>
    public double SwitchingOverSeconds { get; init; } = 30;

    /// <summary>After that long an alert is due. Retiring goes on all the same: it has no way back. Default 300.
    /// </summary>
    public double RetiringSeconds { get; init; } = 300;

    /// <summary>Default 60; then the rest is left to the clean-up of orphans and the migration counts as failed.
    /// </summary>
    public double RollingBackSeconds { get; init; } = 60;

    private const double TransferFactor = 4;

    public static StageTimeouts For(TransferCost cost)
    {
        var timeouts = new StageTimeouts();
        return double.IsFinite(cost.Seconds)
            ? timeouts with { SeedingSeconds = Math.Max(timeouts.SeedingSeconds, TransferFactor * cost.Seconds) }
            : timeouts;
    }

    public double Of(MigrationStage stage) => stage switch
    {
        MigrationStage.Planned => PlannedSeconds,
        MigrationStage.Seeding => SeedingSeconds,
        MigrationStage.CatchingUp => CatchingUpSeconds,
        MigrationStage.ShiftingReads => ShiftingReadsSeconds,
        MigrationStage.SwitchingOver => SwitchingOverSeconds,
        MigrationStage.Retiring => RetiringSeconds,
        MigrationStage.RollingBack => RollingBackSeconds,
        _ => double.PositiveInfinity,
    };
}
