namespace ShardStore.Node.Commands;

/// <summary>The HELP subcommand of a container, in Redis' words.</summary>
internal static class HelpText
{
    public static CommandSpec Row(string container, params string[] usages) => new()
    {
        Name = container + "|help",
        Arity = 2,
        Group = "server",
        Scope = CommandScope.Connection,
        Flags = CommandFlags.Loading | CommandFlags.Stale,
        OnConnection = (_, request) =>
        {
            request.Reply.WriteArrayHeader(usages.Length + 3);
            request.Reply.WriteSimple(
                $"{container.ToUpperInvariant()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
            foreach (var usage in usages)
                request.Reply.WriteSimple(usage);
            request.Reply.WriteSimple("HELP");
            request.Reply.WriteSimple("    Prints this help.");
            request.Complete();
        },
    };
}
