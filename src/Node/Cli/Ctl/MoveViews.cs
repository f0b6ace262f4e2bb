using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws moves and proposals.</summary>
internal static class MoveViews
{
    public static void DrawMigrations(AdminClient client, string json, IAnsiConsole screen) =>
        Draw(client.Parse(json, AdminJson.Default.IReadOnlyListMigrationView), screen);

    public static void Draw(IReadOnlyList<MigrationView> migrations, IAnsiConsole screen)
    {
        if (migrations.Count == 0)
        {
            screen.WriteLine("no migrations");
            return;
        }
        var table = Table("id>", "shard>", "from", "to", "kind", "stage", "moved>", "on wire>", "speed>", "reads>",
            "held>", "left>", "started", "why");
        foreach (var move in migrations)
        {
            table.Row(
                Text($"{move.Id}"), Text($"{move.Shard}"), Text(move.From), Text(move.To), Text(move.Kind),
                Text(move.Stage, move.Stage is "Failed" or "RollingBack" ? "red" : ""),
                Text($"{Quantity.Bytes(move.BytesMoved)} of {Quantity.Bytes(move.BytesTotal)}"),
                Text(Quantity.Bytes(move.BytesOnWire)), Text(Quantity.Bytes(move.BytesPerSecond) + "/s"),
                Text($"{move.ReadPercent} %"), Text(move.HeldMs is { } heldMs ? Quantity.Ms(heldMs) : "-"),
                Text(move.SecondsLeft is { } left ? Quantity.Seconds(left) : "-"),
                Text(Quantity.Time(move.StartedUnixMs)), Text(move.Problem ?? move.Reason));
        }
        screen.Write(table);
    }

    public static void DrawRecommendations(AdminClient client, string json, IAnsiConsole screen)
    {
        var rows = client.Parse(json, AdminJson.Default.IReadOnlyListRecommendationView);
        if (rows.Count == 0)
        {
            screen.WriteLine("no recommendations");
            return;
        }
        var table = Table("id>", "state", "rank>", "urgency>", "shard>", "from", "to", "kind", "breach P50",
            "breach P90", "move>", "deadline", "planned", "rejected>", "why");
        foreach (var row in rows)
        {
            table.Row(
                Text(row.Id?.ToString()), Text(StateOf(row), row.NeedsApproval ? "yellow" : ""),
                Text(row.Rank == 0 ? "-" : $"{row.Rank}"),
                Text(Quantity.Number(row.Urgency), row.Urgency >= 70 ? "red" : ""),
                Text($"{row.Shard}"), Text(row.From), Text(row.To), Text(row.Kind),
                Text(Quantity.Time(row.BreachUnixMsP50)), Text(Quantity.Time(row.BreachUnixMsP90)),
                Text(Quantity.Seconds(row.MoveSeconds)), Text(Quantity.Time(row.DeadlineUnixMs)),
                Text(Quantity.Time(row.ExecuteUnixMs)), Text($"{row.Rejected.Count}"), Text(row.Reason));
        }
        screen.Write(table);
    }

    /// <summary>With the end of what does not last.</summary>
    private static string StateOf(RecommendationView row) => row switch
    {
        { NeedsApproval: true } => "proposed, needs approval",
        { State: "approved", ApprovedUntilUnixMs: { } until } => $"approved until {Quantity.Time(until)}",
        { State: "vetoed", VetoedUntilUnixMs: { } until } => $"vetoed until {Quantity.Time(until)}",
        { MigrationId: { } migration } => $"{row.State} (m{migration})",
        _ => row.State,
    };
}
