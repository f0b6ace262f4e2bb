namespace ShardStore.Balancer;

/// <summary>What the runner sees of one migration. All of it can be observed again after a restart, so a migration
/// goes on from its persisted stage alone.</summary>
public sealed record MigrationObservation
{
    public bool IsCancelled { get; init; }
    public bool IsSourceAlive { get; init; } = true;
    public bool IsTargetAlive { get; init; } = true;

    /// <summary>The target has every chunk of the checkpoint, checked and in place.</summary>
    public bool IsSeeded { get; init; }

    /// <summary>The log no longer reaches back to where the target stands.</summary>
    public bool IsLogCut { get; init; }

    /// <summary>Time the target is behind the leader. Unit: milliseconds.</summary>
    public double LagMs { get; init; } = double.PositiveInfinity;

    /// <summary>Percent of reads that go to the target, and whether its latency passes the gate there.</summary>
    public int ReadPercent { get; init; }
    public bool IsLatencyGood { get; init; } = true;

    public bool IsTargetVoter { get; init; }
    public bool IsSourceMember { get; init; } = true;
    public NodeId Leader { get; init; }

    /// <summary>The target has applied up to the switch and its content hash equals the source's; null until known.
    /// </summary>
    public bool? IsHashEqual { get; init; }

    /// <summary>The source's files are gone.</summary>
    public bool IsSourceDeleted { get; init; }

    /// <summary>Rolling back is complete: no learner, no staged files, all reads at the source.</summary>
    public bool IsUndone { get; init; }
}
