using ShardStore.Resp;

namespace ShardStore.Client.Routing;

/// <summary>Builds a map from the reply of CLUSTER SLOTS: rows of first slot, last slot, then nodes, the master
/// first; a node is host, port, id, and on newer servers a flat list of names and values.</summary>
internal static class SlotMapParser
{
    /// <summary>Percent of reads for a replica, in the node's list of names and values.</summary>
    private static ReadOnlySpan<byte> ReadWeightName => "shardstore-read-weight"u8;

    /// <param name="reply">The reply.</param>
    /// <param name="asked">The node that sent it: stands in where the reply leaves out a host.</param>
    /// <exception cref="RespReplyFormatException">A row does not look like one.</exception>
    internal static SlotMap Parse(in RespReply reply, NodeAddress asked)
    {
        var routes = new SlotRoute?[HashSlot.Count];
        foreach (var row in reply.Items.Span)
        {
            var fields = row.Items.Span;
            if (fields.Length < 3 || !IsSlot(fields[0], out var first) || !IsSlot(fields[1], out var last))
                throw new RespReplyFormatException($"{asked} sent a row of CLUSTER SLOTS without a slot range");
            if (!TryParseNode(fields[2], asked, out var master, out _))
                continue;
            var route = new SlotRoute(master, ParseReplicas(fields[3..], asked));
            for (var slot = first; slot <= last; slot++)
                routes[slot] = route;
        }
        return new SlotMap(routes);
    }

    private static ReplicaRoute[] ParseReplicas(ReadOnlySpan<RespReply> nodes, NodeAddress asked)
    {
        var weighted = new List<ReplicaRoute>();
        var left = 100;
        foreach (var node in nodes)
        {
            if (!TryParseNode(node, asked, out var address, out var weight))
                continue;
            weight = Math.Clamp(weight, 0, left);
            left -= weight;
            if (weight > 0)
                weighted.Add(new ReplicaRoute(address, weight));
        }
        return [.. weighted];
    }

    private static bool TryParseNode(in RespReply node, NodeAddress asked, out NodeAddress address, out int weight)
    {
        address = default;
        weight = 0;
        var fields = node.Items.Span;
        if (fields.Length < 2 || !fields[1].TryGetInteger(out var port) || port is < 1 or > 65535)
            return false;
        var host = fields[0].IsNull ? "" : fields[0].Text;
        // "?" means that the node does not know its own name yet; the one we dialled works.
        address = new NodeAddress(host is "" or "?" ? asked.Host : host, (int)port);
        if (fields.Length > 3)
            weight = ReadWeight(fields[3].Items.Span);
        return true;
    }

    private static int ReadWeight(ReadOnlySpan<RespReply> namesAndValues)
    {
        for (var i = 0; i + 1 < namesAndValues.Length; i += 2)
        {
            if (namesAndValues[i].Bytes.Span.SequenceEqual(ReadWeightName)
                && namesAndValues[i + 1].TryGetInteger(out var weight))
                return (int)Math.Clamp(weight, 0, 100);
        }
        return 0;
    }

    private static bool IsSlot(in RespReply field, out int slot)
    {
        slot = (int)field.Integer;
        return field.Kind == RespReplyKind.Integer && field.Integer is >= 0 and < HashSlot.Count;
    }
}
