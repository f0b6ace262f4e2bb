using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The cost model in force, for people and programs.</summary>
internal static class CostViews
{
    private const double Micros = 1e6;

    public static CostView Of(ClusterReading reading, ControllerRound round)
    {
        var costs = round.Snapshot.Costs;
        var errors = costs.Errors;
        return new CostView
        {
            ReadMicros = new(costs.ReadCpuSeconds * Micros, errors?.Read * Micros),
            WriteMicros = new(costs.WriteCpuSeconds * Micros, errors?.Write * Micros),
            FollowerWriteMicros = new(costs.FollowerWriteCpuSeconds * Micros, errors?.FollowerWrite * Micros),
            IdleCores = new(costs.IdleCores, errors?.Idle),
            Samples = costs.SampleWeight,
            ResidualCores = errors?.Residual,
            Nodes = [.. reading.View.Nodes.OrderBy(node => node.Number).Select(node => Of(reading, node))
                .OfType<NodeCostView>()],
        };
    }

    private static NodeCostView? Of(ClusterReading reading, NodeRecord node)
    {
        if (reading.Known(node.Number)?.Utilization is not { } used)
            return null;
        var unattributed = Math.Max(0, used.CpuShare - used.CpuAttributedShare);
        return new NodeCostView(
            node.Name, used.CpuShare * node.CapacityCores, unattributed * node.CapacityCores);
    }
}
