using System.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>CONFIG, for the names that clients and tools ask for.</summary>
internal static class ConfigCommands
{
    private const CommandFlags Flags =
        CommandFlags.Admin | CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale;

    public static CommandSpec[] All =>
    [
        Row("config", -2, static (_, request) => request.Fail(RespErrorText.WrongArity("config"))) with
        {
            Summary = "Read and set configuration",
            Subcommands =
            [
                Row("config|get", -3, Get),
                Row("config|set", -4, Set),
                Row("config|resetstat", 2, ResetStat),
                Row("config|rewrite", 2, static (_, request) =>
                    request.Fail("ERR The server is running without a config file")),
                HelpText.Row("config", "GET <pattern>", "SET <directive> <value>", "RESETSTAT", "REWRITE"),
            ],
        },
    ];

    private static CommandSpec Row(string name, int arity, ConnectionHandler handler) =>
        ConnectionCommands.Row(name, arity, Flags, handler, "") with { Group = "server" };

    private static void Get(ConnectionSession session, ClientRequest request)
    {
        var patterns = request.Arguments.List.Slice(2);
        var found = new List<KeyValuePair<string, string>>();
        foreach (var pair in session.Server.Config.All)
        {
            if (MatchesAny(patterns, pair.Key))
                found.Add(pair);
        }
        request.Reply.WriteMapHeader(found.Count);
        foreach (var (name, value) in found)
        {
            request.Reply.WriteBulk(name);
            request.Reply.WriteBulk(value);
        }
        request.Complete();
    }

    private static bool MatchesAny(ArgumentList patterns, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name);
        for (var i = 0; i < patterns.Count; i++)
        {
            var lower = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(patterns[i]).ToLowerInvariant());
            if (Glob.IsMatch(lower, bytes))
                return true;
        }
        return false;
    }

    /// <summary>All or nothing, as in Redis 7.</summary>
    private static void Set(ConnectionSession session, ClientRequest request)
    {
        var pairs = request.Arguments.List.Slice(2);
        var config = session.Server.Config;
        for (var i = 0; i < pairs.Count; i += 2)
        {
            var name = RespErrorText.Show(pairs[i]);
            if (i + 1 == pairs.Count || !config.IsKnown(name))
            {
                request.Fail($"ERR Unknown option or number of arguments for CONFIG SET - '{name}'");
                return;
            }
            if (!config.IsSettable(name))
            {
                request.Fail($"ERR CONFIG SET failed (possibly related to argument '{name}') - can't set immutable "
                    + "config");
                return;
            }
        }
        for (var i = 0; i < pairs.Count; i += 2)
            config.Set(RespErrorText.Show(pairs[i]), RespErrorText.Show(pairs[i + 1], 1024));
        ConnectionCommands.Ok(request);
    }

    private static void ResetStat(ConnectionSession session, ClientRequest request)
    {
        session.Server.ResetCounters();
        ConnectionCommands.Ok(request);
    }
}
