namespace ShardStore.Node.Transport;

/// <summary>Which parts a frame has, in this order. On the wire: never renumber.</summary>
[Flags]
internal enum PeerFrameFlags : byte
{
    None = 0,
    Utilization = 1,
    Messages = 2,
    Bulk = 4,
}

/// <summary>What every frame tells besides its parts. Times are the sender's or, echoed, the receiver's monotonic
/// microseconds; <paramref name="BulkBytesTaken"/> is the sum of all bulk bytes the sender has taken from this
/// connection: it measures bandwidth and grants credit.</summary>
internal readonly record struct PeerFrameHead(long SentAt, long EchoedAt, long HeldMicros, long BulkBytesTaken);
