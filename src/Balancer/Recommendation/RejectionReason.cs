namespace ShardStore.Balancer;

/// <summary>Why a candidate was dropped. Ranked: of several that apply, the lowest is reported, so the codes run from
/// "may never be" over "not now" to "would not help". The numbers are part of the API and never reused.</summary>
public enum RejectionReason : byte
{
    None = 0,

    // May not be, whatever the load.
    AlreadyMoving = 10,
    ShardPinned = 11,
    TargetNotActive = 12,
    TargetHoldsReplica = 13,
    TargetIsNoVoter = 14,
    QuorumAtRisk = 15,
    ZoneSpreadLost = 16,
    TargetDiskFull = 17,

    // Not now.
    CoolingDown = 30,
    WouldReverse = 31,
    SourceSettling = 32,
    TargetIsSource = 33,
    NodeMovesAtLimit = 34,
    ClusterMovesAtLimit = 35,
    QuietHours = 36,
    LinkTooSlow = 37,
    /// <summary>An operator vetoed moves of the shard for a while.</summary>
    Vetoed = 38,
    /// <summary>The overload is too much of a mere chance to send bytes for.</summary>
    NotLikelyYet = 39,

    // Would not help.
    OneShardIsTheLoad = 50,
    BelowFloor = 51,
    GapTooSmall = 52,
    TargetWouldBreach = 53,
    NoGain = 54,
    BelowUrgency = 55,
    /// <summary>Allowed, but another move does more.</summary>
    LessUseful = 56,
}
