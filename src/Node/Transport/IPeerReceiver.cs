namespace ShardStore.Node.Transport;

/// <summary>Takes what arrives from peers. Called on the transport's threads, for one peer by one thread at a time,
/// for different peers at once. Spans are valid during the call only; a message's entries and their payloads are the
/// receiver's to keep. It must return soon: while it runs, nothing else of that peer is read.</summary>
public interface IPeerReceiver
{
    /// <summary>The messages of one frame in the order they were sent; several calls when there are many.</summary>
    void OnMessages(int fromNode, ReadOnlySpan<GroupMessage> messages);

    /// <summary>Called before the messages of the same frame are delivered.</summary>
    void OnUtilization(int fromNode, ReadOnlySpan<byte> block);

    void OnBulk(int fromNode, ulong channel, ReadOnlySpan<byte> bytes);

    /// <summary>The connection is gone, and with it whatever was on the way in either direction.</summary>
    void OnPeerDown(int node);
}
