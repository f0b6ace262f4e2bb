namespace ShardStore.Storage.Identity;

/// <summary>Who a data directory belongs to.</summary>
/// <param name="ClusterId">Made once when the cluster is; no other cluster has it.</param>
/// <param name="NodeName">The operator's name for the node, as in --id.</param>
/// <param name="NodeNumber">The cluster's number for the node; 0 until it has been given one. Never reused.</param>
public sealed record NodeIdentity(string ClusterId, string NodeName, ulong NodeNumber)
{
    internal const int TextBytesMax = 255;
}
