using System.CommandLine;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl forecast SHARD`.</summary>
internal static class ForecastCommand
{
    public static readonly Setting<int> Shard =
        SettingKinds.Whole("shard", "shard", 0, (1, 16_384), "Number of the shard.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var shard = new Argument<string>("shard") { Description = "Number of the shard, as in `ctl shards`." };
        var command = new Command("forecast", "Coming demand of a shard, with its error band.") { shard };
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            var number = Arguments.Get(Shard, parsed.GetValue(shard));
            return await session.ShowAsync(
                new CtlView("forecast", "", $"forecasts/{number}", MoveViews.DrawForecast), stop);
        });
        return command;
    }
}
