using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>Carries what peers send from the transport's threads to the loop, and their utilization to the
/// telemetry.</summary>
public sealed class PeerInbox(ReplicaHost host, ControlPlane control, ClusterTelemetry telemetry, IClock clock)
    : IPeerReceiver
{
    public void OnMessages(int fromNode, ReadOnlySpan<GroupMessage> messages)
    {
        foreach (var item in messages)
            host.Mailbox.Post(new PeerMessage(fromNode, item.Group, item.Message));
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
            host.Mailbox.Post(() => host.Snapshots.OnBulk(fromNode, copy));
        else
            host.Mailbox.Post(() => control.OnBulk(fromNode, channel, copy));
    }

    public void OnPeerDown(int node)
    {
        // Nothing to do at once: leases, elections and transfers have their own deadlines, and a connection that
        // comes back within them is no event at all.
    }
}
