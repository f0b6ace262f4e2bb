using System.CommandLine;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl policy` with `get`, `check FILE`, `set FILE`, `history`, `rollback VERSION` and `schema`.</summary>
internal static class PolicyCommand
{
    private static readonly Setting<int> Version = SettingKinds.Whole(
        "version", "", 0, (1, int.MaxValue), "Version of the policy.");

    private static readonly CtlView View = new("policy", "Print the policy document.", "policy", Draw);

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var get = new Command("get", View.Help);
        get.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(View, stop);
        });
        return new Command("policy", "The balancer's objective and hard limits.")
        {
            get,
            OfFile(open, "check", "Tell what a document would change, and change nothing.", CheckAsync),
            OfFile(open, "set", "Replace the policy document.", SetAsync),
            Of(open, PolicyViews.History),
            RollBack(open),
            Of(open, PolicyViews.Schema),
        };
    }

    private static Command Of(Func<ParseResult, CtlSession> open, CtlView view)
    {
        var command = new Command(view.Name, view.Help);
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(view, stop);
        });
        return command;
    }

    private static Command OfFile(
        Func<ParseResult, CtlSession> open, string name, string help,
        Func<CtlSession, JsonElement, CancellationToken, Task<int>> run)
    {
        var file = new Argument<string>("file") { Description = "JSON document, as `policy get` prints it." };
        var command = new Command(name, help) { file };
        command.SetAction(async (parsed, stop) =>
        {
            var document = Read(parsed.GetValue(file) ?? "");
            using var session = open(parsed);
            return await run(session, document, stop);
        });
        return command;
    }

    private static Command RollBack(Func<ParseResult, CtlSession> open)
    {
        var version = new Argument<string>("version") { Description = "As `ctl policy history` lists it." };
        var command = new Command("rollback", "Set the document of an earlier version again, as a new one.")
        {
            version,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var number = Arguments.Get(Version, parsed.GetValue(version));
            using var session = open(parsed);
            var old = await session.Client.GetAsync(
                $"policy/versions/{number}", AdminJson.Default.PolicyView, stop);
            return await SetAsync(session, old.Document, stop);
        });
        return command;
    }

    private static async Task<int> CheckAsync(CtlSession session, JsonElement document, CancellationToken stop)
    {
        var checkedPolicy = await session.Client.PostAsync(
            "policy/check", new PolicyView(0, document), AdminJson.Default.PolicyView, stop);
        return await session.ShowAsync(PolicyViews.Check, _ => Task.FromResult(checkedPolicy), ended: null, stop);
    }

    /// <summary>Names the version it replaces: another operator's change in between is refused, not overwritten.
    /// </summary>
    private static async Task<int> SetAsync(CtlSession session, JsonElement document, CancellationToken stop)
    {
        var client = session.Client;
        var current = await client.GetAsync("policy", AdminJson.Default.PolicyView, stop);
        var stored = await client.PutAsync(
            "policy", new PolicyView(current.Version, document), AdminJson.Default.PolicyView, stop);
        return await session.ShowAsync(View, _ => Task.FromResult(stored), ended: null, stop);
    }

    private static JsonElement Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new UsageException($"FILE '{path}': line {e.LineNumber + 1} is not valid JSON");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"FILE '{path}': cannot be read ({e.Message})");
        }
    }

    private static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var policy = client.Parse(json, AdminJson.Default.PolicyView);
        screen.WriteLine($"version {policy.Version}");
        screen.WriteLine(JsonSerializer.Serialize(policy.Document, IndentedJson.Options));
    }
}
