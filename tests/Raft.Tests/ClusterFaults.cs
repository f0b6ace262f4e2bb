namespace ShardStore.Raft.Tests;

/// <summary>How rough a random run is.</summary>
internal sealed record ClusterFaults
{
    public int DropPercent { get; init; } = 5;

    /// <summary>Chance that the next message delivered is not the oldest one.</summary>
    public int ReorderPercent { get; init; } = 20;

    public int DuplicatePercent { get; init; } = 2;
    public int CrashPerMille { get; init; } = 3;
    public int PartitionPerMille { get; init; } = 4;
    public int MembershipPerMille { get; init; } = 6;
    public int TransferPerMille { get; init; } = 3;
    public int CompactPerMille { get; init; } = 6;

    public static ClusterFaults None => new()
    {
        DropPercent = 0,
        ReorderPercent = 0,
        DuplicatePercent = 0,
        CrashPerMille = 0,
        PartitionPerMille = 0,
        MembershipPerMille = 0,
        TransferPerMille = 0,
        CompactPerMille = 0,
    };
}
