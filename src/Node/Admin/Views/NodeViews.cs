using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Members with their latest sample.</summary>
internal static class NodeViews
{
    public static IReadOnlyList<NodeView> All(ClusterReading reading)
    {
        var shards = reading.View.Map.Shards;
        var led = shards.CountBy(shard => shard.LeaderNode).ToDictionary();
        var held = shards.SelectMany(shard => shard.Replicas).CountBy(replica => replica.Node).ToDictionary();
        return [.. reading.View.Nodes.Select(node =>
            Of(reading, node, led.GetValueOrDefault(node.Number), held.GetValueOrDefault(node.Number)))];
    }

    public static NodeView One(ClusterReading reading, string name) =>
        All(reading).FirstOrDefault(node => node.Name == name)
            ?? throw AdminProblem.UnknownNode("node", name, reading.NodeNames);

    private static NodeView Of(ClusterReading reading, NodeRecord node, int led, int held)
    {
        var known = reading.Known(node.Number);
        return new NodeView
        {
            Number = node.Number,
            Name = node.Name,
            HexId = node.HexId,
            Host = node.Host,
            Port = node.Port,
            PeerPort = node.PeerPort,
            AdminPort = node.AdminPort,
            Zone = node.Zone,
            CapacityCores = node.CapacityCores,
            State = reading.IsDown(node.Number) ? "down" : node.Draining ? "draining" : "active",
            IsMetaLeader = node.Number == reading.View.LeaderNode,
            ShardsLed = led,
            ReplicasHeld = held,
            Utilization = known is null ? null : UtilizationView.Of(known, reading.NowMs),
            InConsensusFrames = node.Number == reading.SelfNode ? 0 : known?.InConsensusFrames ?? 0,
        };
    }
}
