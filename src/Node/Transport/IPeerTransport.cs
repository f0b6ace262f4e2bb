using ShardStore.Raft;

namespace ShardStore.Node.Transport;

/// <summary>Carries bytes between the nodes of a cluster: real sockets, or a simulated network. May lose, never
/// duplicates, and keeps the order of what it delivers on one connection. Thread-safe; no call blocks.</summary>
public interface IPeerTransport
{
    /// <summary>Buffers a message until <see cref="Flush"/>. Dropped, oldest first, when the peer is not reachable or
    /// too slow: the consensus core repeats what matters.</summary>
    void Send(int toNode, ulong group, in Message message);

    /// <summary>Queues one chunk, at most <see cref="TransportLimits.BulkChunkBytesMax"/>. False when the peer is not
    /// connected or its bulk queue is full: offer it again later. The bytes are copied; chunks of one peer arrive in
    /// order or the connection ends.</summary>
    bool SendBulk(int toNode, ulong channel, ReadOnlyMemory<byte> bytes);

    /// <summary>Sends what is buffered: one frame a peer for the messages of all groups.</summary>
    void Flush();

    /// <summary>Null for a node that is not a peer.</summary>
    PeerLink? Link(int node);

    /// <summary>Replaces the set of peers: new ones are dialled or awaited, missing ones disconnected.</summary>
    void SetPeers(IReadOnlyList<PeerAddress> peers);
}
