using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws recommendations that have ended: what was forecast beside what came, what was planned beside what it
/// took.</summary>
internal static class OutcomeViews
{
    public static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var ended = client.Parse(json, AdminJson.Default.IReadOnlyListEndedRecommendationView);
        if (ended.Count == 0)
        {
            screen.WriteLine("no recommendation has ended yet");
            return;
        }
        var table = Table("id>", "ended", "state", "move>", "shard>", "from", "to", "kind", "helped", "source without>",
            "with>", "over>", "target>", "bytes>", "took>", "why");
        foreach (var row in ended)
        {
            table.Row(
                Text($"{row.Id}"), Text(Quantity.Time(row.EndedUnixMs)),
                Text(row.State, row.State == "failed" ? "red" : ""),
                Text(row.MigrationId is { } migration ? $"m{migration}" : null), Text($"{row.Shard}"), Text(row.From),
                Text(row.To), Text(row.Kind), Text(HelpOf(row), row.Help?.Verdict == "no" ? "red" : ""),
                Text(Pair(row.Source?.ForecastWithout, row.Source?.CameWithout, Quantity.Share)),
                Text(Pair(row.Source?.ForecastWith, row.Source?.Came, Quantity.Share)),
                Text(Pair(row.Help?.SecondsOverWithout, row.Help?.SecondsOver, Quantity.Seconds)),
                Text(Pair(row.Target?.ForecastWith, row.Target?.Came, Quantity.Share)),
                Text(Pair(row.Cost?.BytesPlanned, row.Cost?.Bytes, Quantity.Bytes)),
                Text(Pair(row.Cost?.SecondsPlanned, row.Cost?.Seconds, Quantity.Seconds)),
                Text(row.Problem ?? row.Reason));
        }
        screen.Write(table);
        screen.WriteLine("pairs: forecast → what came (over: seconds over the threshold without → with the move; "
            + "bytes, took: planned → actual)");
    }

    private static string? HelpOf(EndedRecommendationView row) => row.Help?.Verdict switch
    {
        null => null,
        "notNeeded" => "not needed",
        "cannotTellYet" => "not yet known",
        "cannotTell" => "not known",
        var verdict => verdict,
    };

    private static string? Pair(double? first, double? second, Func<double, string> format) =>
        first is null && second is null ? null : $"{Of(first, format)} → {Of(second, format)}";

    private static string Of(double? value, Func<double, string> format) => value is { } known ? format(known) : "?";
}
