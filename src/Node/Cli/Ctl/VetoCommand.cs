using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Placement;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl veto ID [--minutes 60]`: nothing is proposed for the shard for that long.</summary>
internal static class VetoCommand
{
    private static readonly Setting<int> Minutes = SettingKinds.Whole(
        "minutes", "minutes", VetoRequest.MinutesDefault, (1, RecommendationRules.VetoMinutesMax),
        "How long the shard stays.");

    private static readonly CtlView View = new("veto", "", "", (client, json, screen) =>
    {
        var row = client.Parse(json, AdminJson.Default.RecommendationView);
        screen.WriteLine($"recommendation {row.Id} is {row.State}: shard {row.Shard} stays until "
            + Quantity.Time(row.VetoedUntilUnixMs));
    });

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var id = new Argument<string>("id") { Description = Arguments.Recommendation.Help };
        var command = new Command("veto", "Keep the shard of a proposal where it is for a while.") { id };
        var options = new SettingOptions(command, [Minutes]);
        command.SetAction(async (parsed, stop) =>
        {
            var number = Arguments.Get(Arguments.Recommendation, parsed.GetValue(id));
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var request = new VetoRequest(values.Get(Minutes));
            using var session = open(parsed);
            var changed = await session.Client.PostAsync(
                $"recommendations/{number}/veto", request, AdminJson.Default.VetoRequest, stop);
            return await session.ShowAsync(View, _ => Task.FromResult(changed), _ => true, stop);
        });
        return command;
    }
}
