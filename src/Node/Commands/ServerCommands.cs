using System.Globalization;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>The node as a whole.</summary>
internal static class ServerCommands
{
    private const CommandFlags Open = CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast;

    public static CommandSpec[] All =>
    [
        Row("info", -1, CommandFlags.Loading | CommandFlags.Stale | CommandFlags.NoMulti, StatusReportCommand.Run,
            "Tell about the node"),
        Row("time", 1, Open, Time, "Tell the node's time"),
        Row("wait", 3, CommandFlags.NoScript, Wait, "Tell how many replicas surely have the writes before it"),
        Row("lolwut", -1, CommandFlags.ReadOnly | CommandFlags.Fast, LolWut, "Tell the version"),
        Row("debug", -2, CommandFlags.Admin | CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale,
            static (_, request) => request.Fail(RespErrorText.DebugRefused), "Refused"),
        Row("shutdown", -1, CommandFlags.Admin | CommandFlags.NoScript | CommandFlags.NoMulti,
            static (_, request) => request.Fail("ERR SHUTDOWN is not allowed here: stop the node's process, or drain "
                + "the node first"), "Refused"),
        Row("function", -2, CommandFlags.None, static (_, request) =>
            request.Fail(RespErrorText.WrongArity("function")),
            "There are no functions: only what tools ask for on every server") with
        {
            Subcommands =
            [
                Row("function|flush", -2, CommandFlags.NoScript, static (_, request) =>
                    ConnectionCommands.Ok(request), ""),
                Row("function|list", -2, CommandFlags.NoScript, static (_, request) => Empty(request), ""),
                HelpText.Row("function", "FLUSH [ASYNC|SYNC]", "LIST"),
            ],
        },
    ];

    private static CommandSpec Row(
        string name, int arity, CommandFlags flags, ConnectionHandler handler, string summary) =>
        ConnectionCommands.Row(name, arity, flags, handler, summary) with { Group = "server" };

    private static void Empty(ClientRequest request)
    {
        request.Reply.WriteArrayHeader(0);
        request.Complete();
    }

    private static void Time(ConnectionSession session, ClientRequest request)
    {
        var micros = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        request.Reply.WriteArrayHeader(2);
        request.Reply.WriteBulkInteger(micros / 1_000_000);
        request.Reply.WriteBulkInteger(micros % 1_000_000);
        request.Complete();
    }

    /// <summary>Every acknowledged write is on a majority, and replies keep their order: when this one arrives, the
    /// answer holds. It never has to wait.</summary>
    private static void Wait(ConnectionSession session, ClientRequest request)
    {
        if (!Words.TryInteger(request.Arguments[1], out _))
        {
            request.Fail(RespErrorText.NotAnInteger);
            return;
        }
        if (!Words.TryInteger(request.Arguments[2], out var timeoutMs))
        {
            request.Fail("ERR timeout is not an integer or out of range");
            return;
        }
        if (timeoutMs < 0)
        {
            request.Fail("ERR timeout is negative");
            return;
        }
        var followers = session.Server.Cluster.Map.Shards
            .Select(shard => shard.Replicas.Count(replica => replica.IsVoter) / 2).DefaultIfEmpty(0).Min();
        request.Reply.WriteInteger(followers);
        request.Complete();
    }

    private static void LolWut(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteVerbatim(string.Create(
            CultureInfo.InvariantCulture, $"ShardStore, speaking Redis ver. {ConnectionCommands.RedisVersion}\n"));
        request.Complete();
    }
}
