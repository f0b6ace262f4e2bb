namespace ShardStore.Balancer;

/// <summary>Hard limits. No objective, strategy or learner lifts one.</summary>
public sealed record MoveLimits
{
    /// <summary>Replica moves under way in the cluster at once. Default 4. Range 1–1000.</summary>
    public int ReplicaMovesMax { get; init; } = 4;

    /// <summary>Replica moves that touch one node at once, as source or target. Default 2. Range 1–100.</summary>
    public int ReplicaMovesPerNodeMax { get; init; } = 2;

    /// <summary>Leader transfers begun in one round or under way. Default 8. Range 1–1000.</summary>
    public int LeaderTransfersMax { get; init; } = 8;

    /// <summary>Bytes a second that one replica move may send. Default 100 MB/s. Range 64 KiB–100 GB/s.</summary>
    public double BytesPerSecondMax { get; init; } = 100_000_000;

    /// <summary>Rest of a shard after a replica move of it. Unit: seconds. Default 600. Range 0–86,400.</summary>
    public double CooldownSeconds { get; init; } = 600;

    /// <summary>Rest of a shard after a leader transfer of it. Unit: seconds. Default 120. Range 0–86,400.</summary>
    public double LeaderCooldownSeconds { get; init; } = 120;

    /// <summary>A move that undoes the shard's last one waits that many cool-downs, and never less than that of a
    /// replica. Default 3. Range 1–100.</summary>
    public double ReversalCooldowns { get; init; } = 3;

    /// <summary>A node's measured load still shows a replica or leader that has just left; no move away from it until
    /// this has passed. Unit: seconds. Default 20. Range 0–3600.</summary>
    public double SettleSeconds { get; init; } = 20;

    /// <summary>Largest share of the gap between source and target that one move may carry. Default 0.5: the source
    /// stays the busier one, so the next round has no reason to move it back. Range 0.05–0.5.</summary>
    public double GapFractionMax { get; init; } = 0.5;

    /// <summary>Smallest load worth a leader transfer, as a fraction of the source. Default 0.005. Range 0–1.</summary>
    public double LeaderFloor { get; init; } = 0.005;

    /// <summary>Smallest load worth a replica move, as a fraction of the source. Default 0.02. Range 0–1.</summary>
    public double ReplicaFloor { get; init; } = 0.02;

    /// <summary>From this share of its node's load on, one shard is the load. Default 0.95. Range 0.5–1.</summary>
    public double ConcentrationMax { get; init; } = 0.95;

    /// <summary>Disk and memory fraction that a target may not pass with the shard on it. Default 0.85. Range 0.1–1.
    /// </summary>
    public double TargetFillMax { get; init; } = 0.85;

    /// <summary>A row is void after that many seconds unless started. Default 60. Range 1–3600.</summary>
    public double ExpirySeconds { get; init; } = 60;

    /// <summary>Most rows in one list. Default 32. Range 1–1000.</summary>
    public int RowsMax { get; init; } = 32;
}
