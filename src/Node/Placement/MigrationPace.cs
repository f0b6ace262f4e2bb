namespace ShardStore.Node.Placement;

/// <summary>How fast a migration goes and when it gives up.</summary>
public sealed record MigrationPace
{
    /// <summary>Between two looks at the shard's leader. Unit: ms. Default 100.</summary>
    public int PollMs { get; init; } = 100;

    /// <summary>Entries the destination may lag to count as caught up. Default 200.</summary>
    public ulong LagEntriesMax { get; init; } = 200;

    /// <summary>Shares of reads given to the destination, one after the other. Unit: percent.</summary>
    public IReadOnlyList<int> ReadPercents { get; init; } = [5, 25, 50, 100];

    /// <summary>Time at each share. Unit: ms. Default 1,000.</summary>
    public int ReadStepMs { get; init; } = 1_000;

    /// <summary>Longest without progress in a stage before the move is rolled back. Unit: s. Default 120.</summary>
    public int StageSecondsMax { get; init; } = 120;

    /// <summary>The destination's request p99 above which reads turn back to the leader. Unit: ms. Default 250.
    /// </summary>
    public int LatencyGateMsP99 { get; init; } = 250;

    /// <summary>Longest the destination may be away before the move is rolled back. Unit: s. Default 30: a restart
    /// ends sooner, and the move goes on.</summary>
    public int TargetDownSecondsMax { get; init; } = 30;

    /// <summary>Longest to wait for the source to delete its copy. Unit: s. Default 60; a source that is away deletes
    /// it when it comes back, since the shard map no longer names it.</summary>
    public int RetiringSecondsMax { get; init; } = 60;

    /// <summary>The same when the source is not connected: a dead node keeps no move waiting. Unit: s. Default 5.
    /// </summary>
    public int SourceAwaySecondsMax { get; init; } = 5;

    /// <summary>Longest to wait for the destination's hash at a marker before a new marker is set. Unit: ms.
    /// Default 3,000.</summary>
    public int MarkerMs { get; init; } = 3_000;

    /// <summary>How long a group's members differ from the record before they are put right. Unit: ms. Default 5,000:
    /// longer than a node's record is behind, so that nothing is done twice.</summary>
    public int StrayMs { get; init; } = 5_000;
}
