namespace ShardStore.Node.Transport;

/// <summary>What a node has measured about its connection to one peer. <paramref name="RttMicros"/> and
/// <paramref name="BandwidthBytesPerSecond"/> are smoothed and 0 until measured; the bandwidth is that of bulk bytes
/// the peer has acknowledged, so it is a lower bound while the sender is throttled. <paramref
/// name="LastReceivedMicros"/> is on the clock of <see cref="MonotonicMicros"/>, 0 = nothing received yet.</summary>
public readonly record struct PeerLink(
    bool Connected, long RttMicros, long BandwidthBytesPerSecond, long LastReceivedMicros);
