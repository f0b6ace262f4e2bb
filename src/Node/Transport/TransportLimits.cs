namespace ShardStore.Node.Transport;

/// <summary>The bounds of the peer protocol. Both ends must agree on the sizes, so they are not options.</summary>
public static class TransportLimits
{
    /// <summary>Largest frame accepted. Beyond it the connection is closed: the length is nonsense or hostile.
    /// Twice the largest single message, so that a frame always has room for one.</summary>
    public const int FrameBytesMax = 64 * 1024 * 1024;

    /// <summary>A frame is closed once it holds this much and the rest goes into the next one, so that a heartbeat
    /// never waits behind more than this.</summary>
    public const int FrameBytesTarget = 1024 * 1024;

    /// <summary>Largest bulk chunk; one chunk a frame.</summary>
    public const int BulkChunkBytesMax = 1024 * 1024;

    /// <summary>Bulk bytes a receiver lets a sender have on the way. 4 MiB fill 1 Gbit/s at 30 ms.</summary>
    public const int BulkCreditBytes = 4 * 1024 * 1024;

    /// <summary>Bulk bytes queued for a peer beyond which <c>SendBulk</c> returns false.</summary>
    public const int BulkQueueBytesMax = 8 * 1024 * 1024;

    /// <summary>Bytes of consensus messages queued for a peer beyond which the oldest are dropped.</summary>
    public const int ConsensusQueueBytesMax = 64 * 1024 * 1024;

    /// <summary>Accepted connections and dial loops at a time; beyond it a new connection is closed at once. Far more
    /// than any cluster needs: it bounds what strangers can hold during their handshake.</summary>
    public const int ConnectionsMax = 1024;

    /// <summary>Largest utilization block of a frame.</summary>
    public const int UtilizationBytesMax = 64 * 1024;

    /// <summary>After so long without a frame an empty one is sent. Unit: microseconds. Two heartbeats.</summary>
    public const long QuietMicrosMax = 200_000;

    /// <summary>Largest payload of one consensus message, entries included.</summary>
    public const int MessageBytesMax = FrameBytesMax / 2;
}
