using System.CommandLine;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl remove NODE`: ends the membership of a node that holds no copies any more, up or down.</summary>
internal static class RemoveCommand
{
    private static readonly Setting<string> Node = SettingKinds.Name("node", "Name of the node.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var node = new Argument<string>("node") { Description = "Name of the node, as in `ctl nodes`." };
        var command = new Command("remove", "End the membership of a node that was drained.") { node };
        command.SetAction(async (parsed, stop) =>
        {
            var name = Arguments.Get(Node, parsed.GetValue(node));
            using var session = open(parsed);
            await session.Client.DeleteAsync($"nodes/{name}", stop);
            parsed.InvocationConfiguration.Output.WriteLine(
                session.AsJson ? "{}" : $"{name} is no member any more; its process may be stopped");
            return ExitCode.Done;
        });
        return command;
    }
}
