namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What is compared, on what.</summary>
internal sealed record CompareArguments
{
    public const double CapacityCoresUsual = 0.25;
    public const int RoundsUsual = 5;

    private const int ShardsANode = 3;
    private const int ShardsLeast = 12;

    public required int Nodes { get; init; }

    /// <summary>0: three a node, and at least twelve.</summary>
    public required int Shards { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Of the replay that counts. Unit: seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>Of each node.</summary>
    public required double CapacityCores { get; init; }

    public required int Seed { get; init; }

    /// <summary>Empty: made days.</summary>
    public required string Trace { get; init; }

    public int ShardsWanted => Shards > 0 ? Shards : Math.Max(ShardsLeast, ShardsANode * Nodes);
}
