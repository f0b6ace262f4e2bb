using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The outlook of each node, for people and programs.</summary>
internal static class NodeForecastViews
{
    public static IReadOnlyList<NodeForecastView> All(ClusterReading reading, ControllerRound round) =>
        [.. reading.View.Nodes.OrderBy(node => node.Number)
            .Select(node => One(round, node)).OfType<NodeForecastView>()];

    /// <summary>Null while the controller knows no load of the node.</summary>
    public static NodeForecastView? One(ControllerRound round, NodeRecord node)
    {
        var outlook = round.Decision.Outlooks.FirstOrDefault(outlook => outlook.Node.Value == node.Number);
        var load = round.Snapshot.Nodes.FirstOrDefault(load => load.Id.Value == node.Number);
        if (outlook is null || load is null)
            return null;
        var cores = load.CapacityCores;
        return new NodeForecastView
        {
            Node = node.Name,
            Metric = "cpuShare",
            StepSeconds = outlook.StepSeconds,
            StartUnixMs = round.AtMs,
            Current = outlook.CurrentFraction,
            Threshold = outlook.Threshold,
            Median = outlook.Median,
            High = outlook.ActQuantile,
            HighLevel = round.Snapshot.Policy.Triggers.ActQuantile,
            OverloadProbability = outlook.Probability,
            BreachUnixMsP50 = outlook.BreachMsP50,
            BreachUnixMsP90 = outlook.BreachMsP90,
            PeakUnixMs = outlook.PeakMs - (long)(outlook.StepSeconds * 1000),
            Parts = [.. outlook.Contributions.Select(part =>
                new ShardPartView(part.Shard.Value, part.Leads, part.Cores / cores))],
            BackgroundShare = outlook.BackgroundCores / cores,
            UntrustedShare = outlook.UntrustedShare,
        };
    }
}
