using System.CommandLine;
using ShardStore.Node.Cli.Settings;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl`: looks at a cluster and changes it, as a plain client of the admin API.</summary>
internal static class CtlVerb
{
    private static readonly Setting<Uri> Admin = new(
        "admin", "URL", "a URL such as http://127.0.0.1:8001", "Admin API of any node.", ParseUrl)
    {
        Default = ParseUrl("http://127.0.0.1:8001"),
    };

    private static readonly Setting<bool> Json = Flag("json", "Print the API's JSON.");
    private static readonly Setting<bool> Watch = Flag("watch", "Refresh every second until interrupted.");

    public static Command Build(Func<string, string?> environment)
    {
        var verb = new Command("ctl", "Look at a cluster and change it.");
        var options = new SettingOptions(verb, [Admin, Json, Watch], recursive: true);
        CtlSession Open(ParseResult parsed)
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            return new CtlSession(
                new AdminClient(values.Get(Admin)), values.Get(Json), values.Get(Watch),
                parsed.InvocationConfiguration.Output);
        }
        foreach (var view in CtlViews.All)
            verb.Add(ViewCommand(view, Open));
        verb.Add(ForecastCommand.Build(Open));
        verb.Add(MigrateCommand.Build(Open));
        verb.Add(ApproveCommand.Build(Open));
        verb.Add(VetoCommand.Build(Open));
        verb.Add(WhyCommand.Build(Open));
        verb.Add(DrainCommand.Build(Open));
        verb.Add(RemoveCommand.Build(Open));
        verb.Add(PolicyCommand.Build(Open));
        verb.Add(PlanCommand.Build(Open));
        verb.Add(ModelCommand.Build(Open));
        verb.Add(SeriesCommand.Build(Open));
        verb.Add(BackupCommand.Build(Open));
        verb.Add(RestoreCommand.Build(Open));
        return verb;
    }

    private static Command ViewCommand(CtlView view, Func<ParseResult, CtlSession> open)
    {
        var command = new Command(view.Name, view.Help);
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(view, stop);
        });
        return command;
    }

    private static Parsed<Uri>? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new Parsed<Uri>(url)
            : null;
}
