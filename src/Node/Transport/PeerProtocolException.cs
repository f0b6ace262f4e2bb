namespace ShardStore.Node.Transport;

/// <summary>A peer sent what the protocol does not allow: its connection ends, the node goes on.</summary>
public class PeerProtocolException(string message) : Exception(message);
