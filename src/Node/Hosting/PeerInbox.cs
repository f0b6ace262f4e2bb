using ShardStore.Node.Clocks;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>Carries what peers send from the transport's threads to the loop, and their utilization to the
/// telemetry.</summary>
public sealed class PeerInbox(Mailbox mailbox, ClusterTelemetry telemetry, IClock clock)
    : IPeerReceiver
{
    private NodeCore? _core;

    /// <summary>The transport exists before the node's core; nothing arrives until it is started.</summary>
    public void Attach(NodeCore core) => _core = core;

    public void OnMessages(int fromNode, ReadOnlySpan<GroupMessage> messages)
    {
        foreach (var item in messages)
            mailbox.Post(new PeerMessage(fromNode, item.Group, item.Message));
    }

    public void OnUtilization(int fromNode, ReadOnlySpan<byte> block)
    {
        var nowMs = clock.MonotonicMicros / 1000;
        while (UtilizationBlock.TryDecode(block, out var decoded, out var consumed, out _))
        {
            telemetry.Accept(decoded!, direct: decoded!.Node.Node == fromNode, nowMs);
            block = block[consumed..];
        }
    }

    public void OnBulk(int fromNode, ulong channel, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        if (channel == SnapshotMessages.Channel)
            mailbox.Post(() => _core!.Host.Snapshots.OnBulk(fromNode, copy));
        else
            mailbox.Post(() => _core!.Control.OnBulk(fromNode, channel, copy));
    }

    public void OnPeerDown(int node)
    {
        // Nothing to do at once: leases, elections and transfers have their own deadlines, and a connection that
        // comes back within them is no event at all.
    }
}
