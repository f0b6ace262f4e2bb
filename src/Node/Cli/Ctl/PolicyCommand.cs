using System.CommandLine;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl policy get` and `ctl policy set FILE`.</summary>
internal static class PolicyCommand
{
    private static readonly CtlView View = new("policy", "Print the policy document.", "policy", Draw);

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var get = new Command("get", View.Help);
        get.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(View, stop);
        });
        var file = new Argument<string>("file") { Description = "JSON document, as `policy get` prints it." };
        var set = new Command("set", "Replace the policy document.") { file };
        set.SetAction(async (parsed, stop) =>
        {
            var document = Read(parsed.GetValue(file) ?? "");
            using var session = open(parsed);
            return await SetAsync(session, document, stop);
        });
        return new Command("policy", "The balancer's objective and hard limits.") { get, set };
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
