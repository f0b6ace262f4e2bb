using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>One life of a node on the simulated network.</summary>
public sealed class SimulatedTransport(SimulatedWorld world, SimulatedNetwork network, SimulatedNode self, int nodes)
    : IPeerTransport
{
    private readonly List<GroupMessage>[] _frames =
        [.. Enumerable.Range(0, nodes + 1).Select(_ => new List<GroupMessage>())];

    /// <summary>Where a node's inbox is, if its process runs.</summary>
    public required Func<int, IPeerReceiver?> Inbox { get; init; }

    public void Send(int toNode, ulong group, in Message message)
    {
        if (toNode <= nodes && network.IsConnected(self.Number, toNode))
            _frames[toNode].Add(new GroupMessage(group, message));
    }

    public bool SendBulk(int toNode, ulong channel, ReadOnlyMemory<byte> bytes)
    {
        if (!network.IsConnected(self.Number, toNode))
            return false;
        var copy = bytes.ToArray();
        var from = self.Number;
        network.Send(from, toNode, mayGetLost: false, self.Clock.StallMicros, () =>
        {
            world.Trace.Add((ulong)copy.Length);
            Inbox(toNode)?.OnBulk(from, channel, copy);
        });
        return true;
    }

    public void Flush()
    {
        for (var to = 1; to <= nodes; to++)
        {
            if (_frames[to].Count == 0)
                continue;
            var messages = _frames[to].ToArray();
            _frames[to].Clear();
            var (from, target) = (self.Number, to);
            network.Send(from, to, mayGetLost: true, self.Clock.StallMicros, () => Deliver(from, target, messages));
        }
    }

    public PeerLink? Link(int node) => new PeerLink(network.IsConnected(self.Number, node), 500, 0, 0);

    public void SetPeers(IReadOnlyList<PeerAddress> peers) =>
        throw new NotSupportedException("the simulated network has the same nodes for the whole run");

    private void Deliver(int from, int to, GroupMessage[] messages)
    {
        foreach (var item in messages)
        {
            world.Trace.Add(((ulong)item.Message.Type << 32) ^ (uint)((from << 8) | to));
            world.Trace.Add(item.Message.Term.Value ^ (item.Message.Index.Value << 20));
        }
        world.Counters.Count("messages", messages.Length);
        Inbox(to)?.OnMessages(from, messages);
    }
}
