using System.CommandLine;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Settings;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl why SHARD|MIGRATION`: why it moves, moved or stays, in sentences.</summary>
internal static class WhyCommand
{
    /// <summary>Digits alone are a shard, as everywhere; a migration has an m before its number.</summary>
    private static readonly Setting<CtlView> Target = new(
        "shard|migration", "number", "the number of a shard (1 to 16384), or of a migration after an m, such as m17",
        "", ViewOf);

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var target = new Argument<string>("shard|migration")
        {
            Description = "Number of a shard, as in `ctl shards`, or of a migration after an m, such as m17.",
        };
        var command = new Command("why", "Why a shard or a migration did or did not move, and whether it helped.")
        {
            target,
        };
        command.SetAction(async (parsed, stop) =>
        {
            using var session = open(parsed);
            return await session.ShowAsync(Arguments.Get(Target, parsed.GetValue(target)), stop);
        });
        return command;
    }

    private static Parsed<CtlView>? ViewOf(string text)
    {
        var isMigration = text.StartsWith('m') && text.Length is > 1 and < 20 && text[1..].All(char.IsAsciiDigit);
        return isMigration || Arguments.Shard.Parse(text) is not null
            ? new Parsed<CtlView>(new CtlView("why", "", $"why/{text}", (client, json, screen) =>
            {
                foreach (var sentence in client.Parse(json, AdminJson.Default.WhyView).Sentences)
                    screen.WriteLine(sentence);
            }))
            : null;
    }
}
