namespace ShardStore.Node.Transport;

/// <summary>Where a peer listens for other nodes. An empty <paramref name="Name"/> is not known yet: any is accepted.
/// </summary>
public sealed record PeerAddress(int Node, string Name, string Host, int Port);
