using System.CommandLine;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl forecast SHARD|NODE`.</summary>
internal static class ForecastCommand
{
    /// <summary>A name of digits alone is a shard: a node that is called so is looked at through the API.</summary>
    public static readonly Setting<CtlView> Target = new(
        "shard|node", "number or name", "the number of a shard (1 to 16384) or the name of a node", "", ViewOf);

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var target = new Argument<string>("shard|node")
        {
            Description = "Number of a shard, as in `ctl shards`, or name of a node, as in `ctl nodes`.",
        };
        var command = new Command(
            "forecast", "Coming demand of a shard, or load of a node, with its error band.") { target };
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(Arguments.Get(Target, parsed.GetValue(target)), stop);
        });
        return command;
    }

    private static Parsed<CtlView>? ViewOf(string text)
    {
        if (text.All(char.IsAsciiDigit))
        {
            return Arguments.Shard.Parse(text) is { } shard
                ? new Parsed<CtlView>(new CtlView("forecast", "", $"forecasts/{shard.Value}", ForecastViews.DrawShard))
                : null;
        }
        return SettingKinds.Name("node", "").Parse(text) is { } name
            ? new Parsed<CtlView>(
                new CtlView("forecast", "", $"forecasts/nodes/{name.Value}", ForecastViews.DrawNode))
            : null;
    }
}
