using System.Runtime.CompilerServices;
using System.Text;
using ShardStore.Client.Routing;
using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>
/// Scans all keys, node by node, while shards may move. A slot counts as covered when its owner was the scanned node
/// both before and after the scan of that node; slots that changed hands in between, were redirected, or whose owner is
/// gone, are scanned again at their new owner. Only keys of slots not yet covered are handed out, so a key that stays
/// put and is not deleted is seen at least once, and seldom twice.
/// </summary>
internal sealed class KeyScan(CallGate gate, ClusterTopology topology, ScanOptions options)
{
    // Each round scans only what moved during the one before; shards do not move this often.
    private const int RoundsMax = 16;
    private static readonly byte[] s_startCursor = "0"u8.ToArray();

    private readonly bool[] _covered = new bool[HashSlot.Count];

    internal async IAsyncEnumerable<KvBytes> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            var nodes = NodesToScan();
            if (nodes.Count == 0)
                yield break;
            foreach (var node in nodes)
            {
                var owned = SlotsOf(node);
                await foreach (var key in ScanNodeAsync(node, owned, cancellationToken).ConfigureAwait(false))
                    yield return key;
                await topology.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                Cover(node, owned);
            }
        }
        throw new ClientException(
            ClientErrorKind.Unavailable, $"the scan found slots moving in each of {RoundsMax} rounds", false);
    }

    private async IAsyncEnumerable<KvBytes> ScanNodeAsync(
        NodeAddress node, bool[] owned, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> cursor = s_startCursor;
        do
        {
            if (await PageAsync(node, cursor, cancellationToken).ConfigureAwait(false) is not { } reply)
                yield break;
            cursor = NextCursor(reply, out var keys);
            foreach (var key in KeysOf(keys, owned))
                yield return key;
        }
        while (!cursor.Span.SequenceEqual(s_startCursor));
    }

    /// <summary>Null when the node did not answer and others own its slots by now.</summary>
    private async ValueTask<RespReply?> PageAsync(
        NodeAddress node, ReadOnlyMemory<byte> cursor, CancellationToken cancellationToken)
    {
        try
        {
            var call = new Call(CommandBuilder.Scan(cursor, options), RequestIdentity.None) { FixedNode = node };
            return await gate.AskAsync(call, null, cancellationToken).ConfigureAwait(false);
        }
        catch (ClientException) when (!NodesToScan().Contains(node))
        {
            return null;
        }
    }

    private IEnumerable<KvBytes> KeysOf(ReadOnlyMemory<RespReply> keys, bool[] owned)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys.Span[i].Bytes;
            var slot = HashSlot.Of(key.Span);
            if (owned[slot] && !_covered[slot])
                yield return new KvBytes(key);
        }
    }

    private static ReadOnlyMemory<byte> NextCursor(in RespReply reply, out ReadOnlyMemory<RespReply> keys)
    {
        var items = reply.Items.Span;
        if (items.Length != 2)
            throw ReplyReading.Unexpected("SCAN", reply, mayHaveRun: false);
        keys = items[1].Items;
        return items[0].Kind == RespReplyKind.Integer ? Encoding.ASCII.GetBytes(items[0].Text) : items[0].Bytes;
    }

    private List<NodeAddress> NodesToScan()
    {
        var nodes = new List<NodeAddress>();
        for (var slot = 0; slot < HashSlot.Count; slot++)
        {
            if (!_covered[slot] && topology.Map.RouteOf(slot) is { } route && !nodes.Contains(route.Master))
                nodes.Add(route.Master);
        }
        return nodes;
    }

    private bool[] SlotsOf(NodeAddress node)
    {
        var owned = new bool[HashSlot.Count];
        for (var slot = 0; slot < HashSlot.Count; slot++)
            owned[slot] = topology.Map.RouteOf(slot)?.Master == node;
        return owned;
    }

    private void Cover(NodeAddress node, bool[] ownedBefore)
    {
        for (var slot = 0; slot < HashSlot.Count; slot++)
            _covered[slot] |= ownedBefore[slot] && topology.Map.RouteOf(slot)?.Master == node;
    }
}
