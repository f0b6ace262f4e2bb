namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>How a leading node is lost. <see cref="None"/>: not at all, to count the elections that nobody needed.
/// </summary>
internal enum FailoverKind
{
    Kill,

    /// <summary>Every packet to and from it disappears; no connection is closed.</summary>
    Blackhole,

    /// <summary>Its disk takes no write and no sync any more; everything else of it lives.</summary>
    Stall,
    None,
}
