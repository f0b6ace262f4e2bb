namespace ShardStore.Node.Transport;

/// <summary>What the cluster has on record about the node of a number. An empty <paramref name="DiskId"/> is not known
/// yet: any is accepted.</summary>
public sealed record PeerRecord(string DiskId, bool IsRemoved);
