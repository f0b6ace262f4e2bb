using ShardStore.Node.Transport;
using ShardStore.Raft;

namespace ShardStore.Node.Tests.Admin;

/// <summary>No peer is ever connected.</summary>
internal sealed class UnconnectedTransport : IPeerTransport
{
    public void Send(int toNode, ulong group, in Message message)
    {
    }

    public bool SendBulk(int toNode, ulong channel, ReadOnlyMemory<byte> bytes) => false;

    public void Flush()
    {
    }

    public PeerLink? Link(int node) => null;

    public void SetPeers(IReadOnlyList<PeerAddress> peers)
    {
    }
}
