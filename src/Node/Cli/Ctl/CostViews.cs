using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws what demand costs the nodes, and how sure that is.</summary>
internal static class CostViews
{
    public static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var costs = client.Parse(json, AdminJson.Default.CostView);
        screen.WriteLine(costs.Samples == 0
            ? "nothing is measured yet: these are assumptions"
            : $"from {Quantity.Number(costs.Samples)} samples"
                + (costs.ResidualCores is { } left ? $", which they miss by {Quantity.Number(left)} cores" : ""));
        var table = Table("what", "costs>", "give or take>", "");
        table.Row(CostRow("a read", costs.ReadMicros, "µs"));
        table.Row(CostRow("a write, where the shard is led", costs.WriteMicros, "µs"));
        table.Row(CostRow("a write, on each follower", costs.FollowerWriteMicros, "µs"));
        table.Row(CostRow("a node without demand", costs.IdleCores, "cores"));
        screen.Write(table);
        var nodes = Table("node", "cores>", "beside all shards>");
        foreach (var node in costs.Nodes)
        {
            nodes.Row(
                Text(node.Node), Text(Quantity.Number(node.Cores)), Text(Quantity.Number(node.UnattributedCores)));
        }
        screen.Write(nodes);
    }

    /// <summary>Two standard errors: that far from the true figure it is once in twenty.</summary>
    private static Markup[] CostRow(string what, CostFigureView figure, string unit) =>
    [
        Text(what), Text(Quantity.Number(figure.Value)),
        Text(figure.Error is { } error ? Quantity.Number(2 * error) : "?"), Text(unit),
    ];
}
