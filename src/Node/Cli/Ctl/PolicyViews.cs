using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws what policies change.</summary>
internal static class PolicyViews
{
    public static readonly CtlView Check = new("check", "", "", DrawCheck);

    public static readonly CtlView History = new(
        "history", "List the versions of the policy and what each changed.", "policy/versions", DrawHistory);

    public static readonly CtlView Schema = new(
        "schema", "Print the JSON Schema of the document, for editors.", "policy/schema",
        (_, json, screen) => screen.Write(new Text(json + "\n")));

    private static void DrawCheck(AdminClient client, string json, IAnsiConsole screen)
    {
        var check = client.Parse(json, AdminJson.Default.PolicyCheckView);
        if (check.Changes.Count == 0)
            screen.WriteLine($"nothing: it says what version {check.Version} says");
        Changes(screen, check.Changes);
        foreach (var row in check.Gone)
            screen.WriteLine($"no longer proposed: {Move(row)}");
        foreach (var row in check.New)
            screen.WriteLine($"proposed then: {Move(row)}; {row.Reason}");
        if (check.Changes.Count > 0 && check.Gone.Count + check.New.Count == 0)
            screen.WriteLine("on the load of now the same moves are proposed");
    }

    private static void DrawHistory(AdminClient client, string json, IAnsiConsole screen)
    {
        var versions = client.Parse(json, AdminJson.Default.IReadOnlyListPolicyVersionView);
        if (versions.Count == 0)
            screen.WriteLine("no policy has been set; the built-in default, version 0, is in force");
        foreach (var version in versions)
        {
            var preset = version.Preset is { } name ? $", preset {name}" : "";
            screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"version {version.Version}, set {Quantity.Time(version.SetUnixMs)}: {version.Mode}{preset}"));
            Changes(screen, version.Changes);
        }
    }

    private static void Changes(IAnsiConsole screen, IReadOnlyList<PolicyChangeView> changes)
    {
        if (changes.Count == 0)
            return;
        var table = Table("field", "was", "becomes");
        foreach (var change in changes)
            table.Row(Text(change.Path), Text(change.From), Text(change.To));
        screen.Write(table);
    }

    private static string Move(RecommendationView row) =>
        $"{row.Kind} of shard {row.Shard} from {row.From} to {row.To}, urgency {Quantity.Number(row.Urgency)}";
}
