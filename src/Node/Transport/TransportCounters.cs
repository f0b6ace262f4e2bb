namespace ShardStore.Node.Transport;

/// <summary>What a transport has done since it started. Read by any thread.</summary>
public sealed class TransportCounters
{
    private long _framesSent;
    private long _bytesSent;
    private long _bytesReceived;
    private long _messagesSent;
    private long _messagesDropped;
    private long _connectionsRefused;
    private long _blocksInConsensusFrames;
    private long _blocksElsewhere;

    public long FramesSent => Volatile.Read(ref _framesSent);
    public long BytesSent => Volatile.Read(ref _bytesSent);
    public long BytesReceived => Volatile.Read(ref _bytesReceived);
    public long MessagesSent => Volatile.Read(ref _messagesSent);

    /// <summary>Consensus messages given up because their peer was unreachable or too slow.</summary>
    public long MessagesDropped => Volatile.Read(ref _messagesDropped);

    public long ConnectionsRefused => Volatile.Read(ref _connectionsRefused);

    public long UtilizationBlocksInConsensusFrames => Volatile.Read(ref _blocksInConsensusFrames);

    /// <summary>Blocks in frames without consensus messages: none, by design.</summary>
    public long UtilizationBlocksElsewhere => Volatile.Read(ref _blocksElsewhere);

    internal void CountFrame(int bytes, PeerFrameFlags flags, int messages)
    {
        Interlocked.Increment(ref _framesSent);
        Interlocked.Add(ref _bytesSent, bytes);
        Interlocked.Add(ref _messagesSent, messages);
        if (!flags.HasFlag(PeerFrameFlags.Utilization))
            return;
        if (flags.HasFlag(PeerFrameFlags.Messages))
            Interlocked.Increment(ref _blocksInConsensusFrames);
        else
            Interlocked.Increment(ref _blocksElsewhere);
    }

    internal void CountReceived(int bytes) => Interlocked.Add(ref _bytesReceived, bytes);

    internal void CountDropped(int messages) => Interlocked.Add(ref _messagesDropped, messages);

    internal void CountRefused() => Interlocked.Increment(ref _connectionsRefused);
}
