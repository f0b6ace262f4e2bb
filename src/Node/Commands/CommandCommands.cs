using System.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>COMMAND, from the table. redis-py refuses what is not listed, redis-cli shows the docs.</summary>
internal static class CommandCommands
{
    private const CommandFlags Flags = CommandFlags.Loading | CommandFlags.Stale;

    public static CommandSpec[] All =>
    [
        Row("command", -1, List) with
        {
            Summary = "List the commands",
            Subcommands =
            [
                Row("command|count", 2, Count),
                Row("command|info", -2, Info),
                Row("command|docs", -2, Docs),
                Row("command|list", -2, Names),
                Row("command|getkeys", -3, GetKeys),
                HelpText.Row("command", "(no subcommand)", "COUNT", "LIST", "INFO [<command-name> ...]",
                    "DOCS [<command-name> ...]", "GETKEYS <full-command>"),
            ],
        },
    ];

    private static CommandSpec Row(string name, int arity, ConnectionHandler handler) =>
        ConnectionCommands.Row(name, arity, Flags, handler, "") with { Group = "server" };

    private static void List(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteArrayHeader(CommandTable.Listed.Count);
        foreach (var spec in CommandTable.Listed)
            CommandReplies.WriteEntry(request.Reply, spec);
        request.Complete();
    }

    private static void Count(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteInteger(CommandTable.Listed.Count);
        request.Complete();
    }

    private static void Info(ConnectionSession session, ClientRequest request)
    {
        if (request.Arguments.Count == 2)
        {
            List(session, request);
            return;
        }
        request.Reply.WriteArrayHeader(request.Arguments.Count - 2);
        for (var i = 2; i < request.Arguments.Count; i++)
        {
            if (FindListed(request.Arguments[i]) is { } spec)
                CommandReplies.WriteEntry(request.Reply, spec);
            else
                request.Reply.WriteNullArray();
        }
        request.Complete();
    }

    private static void Docs(ConnectionSession session, ClientRequest request)
    {
        var specs = new List<CommandSpec>();
        for (var i = 2; i < request.Arguments.Count; i++)
        {
            if (FindListed(request.Arguments[i]) is { } spec)
                specs.Add(spec);
        }
        if (request.Arguments.Count == 2)
            specs.AddRange(CommandTable.Listed);
        CommandReplies.WriteDocs(request.Reply, specs);
        request.Complete();
    }

    /// <summary>COMMAND LIST [FILTERBY PATTERN pattern | ACLCAT category | MODULE name].</summary>
    private static void Names(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments;
        var isFiltered = arguments.Count == 5 && Words.Is(arguments[2], "FILTERBY"u8);
        if (arguments.Count != 2 && !isFiltered)
        {
            request.Fail(RespErrorText.Syntax);
            return;
        }
        var names = new List<string>();
        foreach (var spec in CommandTable.Listed)
        {
            var isIn = !isFiltered
                || (Words.Is(arguments[3], "PATTERN"u8)
                    && Glob.IsMatch(arguments[4], Encoding.ASCII.GetBytes(spec.Name)))
                || (Words.Is(arguments[3], "ACLCAT"u8)
                    && CommandReplies.Categories(spec).Contains("@" + RespErrorText.Show(arguments[4])));
            if (isIn)
                names.Add(spec.Name);
        }
        request.Reply.WriteArrayHeader(names.Count);
        foreach (var name in names)
            request.Reply.WriteBulk(name);
        request.Complete();
    }

    private static void GetKeys(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments.List.Slice(2);
        var spec = CommandTable.Resolve(arguments);
        if (spec == null || spec.Has(CommandFlags.Internal))
        {
            request.Fail("ERR Invalid command specified");
            return;
        }
        if (spec.Has(CommandFlags.MovableKeys) && spec.TakesCount(arguments.Count))
        {
            arguments = SessionCommands.InnerOf(arguments);
            spec = CommandTable.Resolve(arguments);
        }
        if (spec == null || !spec.TakesCount(arguments.Count))
        {
            request.Fail("ERR Invalid number of arguments specified for command");
            return;
        }
        if (spec.Keys.IsNone)
        {
            request.Fail("ERR The command has no key arguments");
            return;
        }
        var last = spec.Keys.LastIndex(arguments);
        request.Reply.WriteArrayHeader(((last - spec.Keys.First) / spec.Keys.Step) + 1);
        for (var i = spec.Keys.First; i <= last; i += spec.Keys.Step)
            request.Reply.WriteBulk(arguments[i]);
        request.Complete();
    }

    /// <summary>Takes "container|sub", too.</summary>
    private static CommandSpec? FindListed(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        var spec = CommandTable.Find(bar < 0 ? name : name[..bar]);
        if (spec == null || spec.Has(CommandFlags.Internal))
            return null;
        return bar < 0 ? spec : CommandTable.FindSubcommand(spec, name[(bar + 1)..]);
    }
}
