using System.Buffers;
using System.Collections.Concurrent;
using ShardStore.Node.Clocks;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>What rides on consensus frames: this node's newest block, once to each peer, and from the meta leader the
/// blocks of the others, so that nodes without a common group know each other too.</summary>
public sealed class UtilizationFeed(ClusterTelemetry telemetry, IClock clock) : IUtilizationSource
{
    private const long RelayAgeMsMax = 2_500;
    private readonly ConcurrentDictionary<int, uint> _sent = new();
    private UtilizationBlock? _own;
    private long _sampledMs;

    /// <summary>True while this node leads the meta group.</summary>
    public bool Relays { get; set; }

    public void Publish(UtilizationBlock block, long sampledMs)
    {
        Volatile.Write(ref _sampledMs, sampledMs);
        Volatile.Write(ref _own, block);
    }

    public bool TryTake(int toNode, IBufferWriter<byte> into)
    {
        if (Volatile.Read(ref _own) is not { } own)
            return false;
        if (_sent.TryGetValue(toNode, out var last) && last == own.Node.Sequence)
            return false;
        _sent[toNode] = own.Node.Sequence;
        var nowMs = clock.MonotonicMicros / 1000;
        Write(own with { AgeMs = (uint)Math.Max(0, nowMs - Volatile.Read(ref _sampledMs)) }, into);
        if (Relays)
            Relay(own.Node.Node, toNode, nowMs, into);
        return true;
    }

    private void Relay(int self, int toNode, long nowMs, IBufferWriter<byte> into)
    {
        var room = TransportLimits.UtilizationBytesMax - UtilizationBlock.BlockBytesMax;
        foreach (var block in telemetry.ToRelay(toNode, nowMs, RelayAgeMsMax))
        {
            if (block.Node.Node == self || (room -= block.EncodedBytes) < 0)
                continue;
            Write(block, into);
        }
    }

    private static void Write(UtilizationBlock block, IBufferWriter<byte> into) =>
        into.Advance(block.Encode(into.GetSpan(block.EncodedBytes)));
}
