using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl migrate SHARD --from A --to B`. With --watch it follows the move to its end, and the exit code says
/// how it ended.</summary>
internal static class MigrateCommand
{
    private static readonly Setting<string> From = SettingKinds.Name("from", "Node that gives the shard.");
    private static readonly Setting<string> To = SettingKinds.Name("to", "Node that takes it.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var shard = new Argument<string>("shard") { Description = "Number of the shard." };
        var command = new Command("migrate", "Move a shard from one node to another; --watch follows it to its end.")
        {
            shard,
        };
        var options = new SettingOptions(command, [From, To]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var request = new MigrateRequest(
                Arguments.Get(Arguments.Shard, parsed.GetValue(shard)), values.Get(From), values.Get(To));
            using var session = open(parsed);
            return await RunAsync(session, request, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(CtlSession session, MigrateRequest request, CancellationToken stop)
    {
        var client = session.Client;
        var begun = await client.PostAsync("migrations", request, AdminJson.Default.MigrateRequest, stop);
        var id = client.Parse(begun, AdminJson.Default.MigrationView).Id;
        var view = new CtlView("migrate", "", $"migrations/{id}", Draw)
        {
            Judge = (_, json) => Parse(client, json).Stage == "Failed" ? ExitCode.Failed : ExitCode.Done,
        };
        if (!session.Watch)
            return await session.ShowAsync(view, _ => Task.FromResult(begun), ended: null, stop);
        return await session.ShowAsync(
            view, ct => client.GetAsync(view.Path, ct), json => Parse(client, json).EndedUnixMs is not null, stop);
    }

    private static void Draw(AdminClient client, string json, Spectre.Console.IAnsiConsole screen) =>
        MoveViews.Draw([Parse(client, json)], screen);

    private static MigrationView Parse(AdminClient client, string json) =>
        client.Parse(json, AdminJson.Default.MigrationView);
}
