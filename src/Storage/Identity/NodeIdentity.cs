namespace ShardStore.Storage.Identity;

/// <summary>Who a data directory belongs to.</summary>
/// <param name="ClusterId">Made once when the cluster is; no other cluster has it.</param>
/// <param name="NodeName">The operator's name for the node, as in --id.</param>
/// <param name="NodeNumber">The cluster's number for the node; 0 until it has been given one. Never reused.</param>
public sealed record NodeIdentity(string ClusterId, string NodeName, ulong NodeNumber)
{
    internal const int TextBytesMax = 255;

    /// <summary>Drawn when a directory is bound, so that the same node on another disk, which has forgotten what it
    /// voted for and acknowledged, is told apart from the one that remembers. 16 hex digits; empty for a directory
    /// that is not bound yet.</summary>
    public string DiskId { get; init; } = "";
}
