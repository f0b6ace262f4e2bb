using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl approve ID`: lets a proposal start in its window, where the policy asks for that.</summary>
internal static class ApproveCommand
{
    private static readonly CtlView View = new("approve", "", "", (client, json, screen) =>
    {
        var row = client.Parse(json, AdminJson.Default.RecommendationView);
        screen.WriteLine($"recommendation {row.Id} ({row.Kind} of shard {row.Shard} from {row.From} to {row.To}) is "
            + $"{row.State} until {Quantity.Time(row.ApprovedUntilUnixMs)}");
    });

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var id = new Argument<string>("id") { Description = Arguments.Recommendation.Help };
        var command = new Command("approve", "Let a proposal start in its window.") { id };
        command.SetAction(async (parsed, stop) =>
        {
            var number = Arguments.Get(Arguments.Recommendation, parsed.GetValue(id));
            using var session = open(parsed);
            var changed = await session.Client.PostAsync($"recommendations/{number}/approve", stop);
            return await session.ShowAsync(View, _ => Task.FromResult(changed), _ => true, stop);
        });
        return command;
    }
}
