namespace ShardStore.Node.Transport;

/// <summary>Where a peer listens for other nodes.</summary>
public sealed record PeerAddress(int Node, string Name, string Host, int Port);
