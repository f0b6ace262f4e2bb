using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Draws what the agent that turns the policy's knobs chose, and what came of it.</summary>
internal static class LearningDrawing
{
    public static void Draw(AdminClient client, string json, IAnsiConsole screen)
    {
        var learning = client.Parse(json, AdminJson.Default.LearningView);
        screen.WriteLine(learning.Problem is { } problem ? $"The agent cannot be used: {problem}" : Tell(learning));
        if (learning.Arms.Count > 0)
        {
            var arms = Table("setting", "quarters of an hour>", "cost expected>", "cost seen>");
            foreach (var arm in learning.Arms)
            {
                arms.Row(
                [
                    Text(arm.Name), Text(arm.Intervals.ToString("F1", CultureInfo.InvariantCulture)),
                    Text(Change(arm.Expected)), Text(arm.Seen is { } seen ? Change(seen) : "-"),
                ]);
            }
            screen.Write(arms);
        }
        foreach (var choice in learning.Choices.Reverse())
            screen.WriteLine($"{Quantity.Time(choice.AtUnixMs)}  {choice.Text}");
    }

    private static string Tell(LearningView learning) => learning.Mode switch
    {
        "off" => "Learning is off: nobody asks the agent.",
        "shadow" => "The agent is in the shadow: it chooses, the policy's own values are in force.",
        _ => "The agent is live"
            + (learning.CostRatio is { } ratio
                ? $": it costs {Change(ratio - 1)} against the policy's own values"
                : "")
            + $", taken out of force {learning.Falls.ToString(CultureInfo.InvariantCulture)} times.",
    };

    private static string Change(double change) =>
        (100 * change).ToString("+0;-0;0", CultureInfo.InvariantCulture) + " %";
}
