using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl drain NODE`: all its shards move away, and none comes back. With --watch until it holds
/// none.</summary>
internal static class DrainCommand
{
    private static readonly Setting<string> Node = SettingKinds.Name("node", "Name of the node.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var node = new Argument<string>("node") { Description = "Name of the node, as in `ctl nodes`." };
        var command = new Command("drain", "Move all shards off a node; --watch waits until it holds none.") { node };
        command.SetAction(async (parsed, stop) =>
        {
            var name = Arguments.Get(Node, parsed.GetValue(node));
            using var session = open(parsed);
            var client = session.Client;
            var begun = await client.PostAsync($"nodes/{name}/drain", stop);
            var view = new CtlView("drain", "", $"nodes/{name}", Draw);
            if (!session.Watch)
                return await session.ShowAsync(view, _ => Task.FromResult(begun), ended: null, stop);
            return await session.ShowAsync(
                view, ct => client.GetAsync(view.Path, ct), json => Parse(client, json).ReplicasHeld == 0, stop);
        });
        return command;
    }

    private static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var node = Parse(client, json);
        screen.WriteLine($"{node.Name}: {node.State}, leads {node.ShardsLed}, holds {node.ReplicasHeld} copies");
    }

    private static NodeView Parse(AdminClient client, string json) => client.Parse(json, AdminJson.Default.NodeView);
}
