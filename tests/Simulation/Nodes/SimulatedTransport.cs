using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>One life of a node on the simulated network. Messages travel as the bytes of the real codec.</summary>
public sealed class SimulatedTransport(SimulatedWorld world, SimulatedNetwork network, SimulatedNode self, int nodes)
    : IPeerTransport
{
    private readonly FrameBuffer[] _frames = [.. Enumerable.Range(0, nodes + 1).Select(_ => new FrameBuffer())];

    /// <summary>Where a node's inbox is, if its process runs.</summary>
    public required Func<int, IPeerReceiver?> Inbox { get; init; }

    public void Send(int toNode, ulong group, in Message message)
    {
        if (toNode <= nodes && network.IsConnected(self.Number, toNode) && !network.Mute.Contains((self.Number, group)))
            RaftMessageCodec.Write(_frames[toNode], group, message);
    }

    public bool SendBulk(int toNode, ulong channel, ReadOnlyMemory<byte> bytes)
    {
        if (!network.IsConnected(self.Number, toNode))
            return false;
        var copy = bytes.ToArray();
        var from = self.Number;
        // Bulk bytes are only for the process that the connection led to.
        var receiver = Inbox(toNode);
        network.Send(from, toNode, mayGetLost: false, self.Clock.StallMicros, () =>
        {
            world.Trace.Add((ulong)copy.Length);
            if (receiver is not null && receiver == Inbox(toNode))
                receiver.OnBulk(from, channel, copy);
        });
        return true;
    }

    public void Flush()
    {
        for (var to = 1; to <= nodes; to++)
        {
            if (_frames[to].Length == 0)
                continue;
            var frame = _frames[to].Memory.ToArray();
            _frames[to].Reset();
            var (from, target) = (self.Number, to);
            network.Send(from, to, mayGetLost: true, self.Clock.StallMicros, () => Deliver(from, target, frame));
        }
    }

    public PeerLink? Link(int node) => new PeerLink(network.IsConnected(self.Number, node), 500, 0, 0);

    public void SetPeers(IReadOnlyList<PeerAddress> peers) =>
        throw new NotSupportedException("the simulated network has the same nodes for the whole run");

    private void Deliver(int from, int to, byte[] frame)
    {
        var messages = new List<GroupMessage>();
        ReadOnlySpan<byte> unread = frame;
        while (!unread.IsEmpty)
        {
            var item = RaftMessageCodec.Read(ref unread);
            messages.Add(item);
            world.Trace.Add(((ulong)item.Message.Type << 32) ^ (uint)((from << 8) | to));
            world.Trace.Add(item.Message.Term.Value ^ (item.Message.Index.Value << 20));
        }
        world.Counters.Count("messages", messages.Count);
        Inbox(to)?.OnMessages(from, messages.ToArray());
    }
}
