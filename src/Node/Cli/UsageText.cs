using System.CommandLine;

namespace ShardStore.Node.Cli;

/// <summary>Turns the parser's complaints into one line: what was wrong, and what is allowed there.</summary>
internal static class UsageText
{
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var complaint = parsed.Errors[0].Message.TrimEnd('.');
        if (parsed.UnmatchedTokens.Count > 0)
            complaint = $"'{parsed.UnmatchedTokens[0]}' is not known here";
        return $"{complaint}; {Allowed(command)} (more: shardstore {PathOf(parsed)}--help)";
    }

    private static string Allowed(Command command)
    {
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToArray();
        // A verb that does something by itself has options beside what is below it.
        if (verbs.Length > 0 && command.Action is null)
            return "allowed are " + string.Join(", ", verbs);
        var arguments = command.Arguments.Select(argument => argument.Name.ToUpperInvariant());
        var options = OptionsOf(command).Select(option => option.Name);
        return "allowed are " + string.Join(", ", arguments.Concat(options).Concat(verbs));
    }

    /// <summary>The command's own, and those that its ancestors allow below them.</summary>
    private static IEnumerable<Option> OptionsOf(Command command)
    {
        foreach (var option in command.Options)
            yield return option;
        foreach (var parent in command.Parents.OfType<Command>())
        {
            foreach (var option in OptionsOf(parent).Where(option => option.Recursive))
                yield return option;
        }
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var at = parsed.CommandResult; at?.Command is not (null or RootCommand);
            at = at.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, at.Command.Name);
        return names.Count == 0 ? "" : string.Join(' ', names) + " ";
    }
}
