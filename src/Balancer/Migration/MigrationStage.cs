namespace ShardStore.Balancer;

/// <summary>Where a migration stands. The numbers are persisted and never reused.</summary>
public enum MigrationStage : byte
{
    /// <summary>Accepted; nothing has been touched.</summary>
    Planned = 1,
    /// <summary>The target receives the checkpoint's segments.</summary>
    Seeding = 2,
    /// <summary>The target is a learner and works off the log behind the checkpoint.</summary>
    CatchingUp = 3,
    /// <summary>Reads turn to the target in growing shares.</summary>
    ShiftingReads = 4,
    /// <summary>Joint membership change and leadership transfer. From here on the way back is longer than the way on.
    /// </summary>
    SwitchingOver = 5,
    /// <summary>The source's copy is deleted, after the target has acknowledged a matching content hash.</summary>
    Retiring = 6,
    Done = 7,
    /// <summary>Reads go back to the source, the learner is removed, staged files are deleted.</summary>
    RollingBack = 8,
    Failed = 9,
}
