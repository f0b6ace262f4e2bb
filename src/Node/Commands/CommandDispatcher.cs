using System.Text;
using ShardStore.Node.Routing;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Checks a request the way Redis does, in the same order (known, arity, login, transaction, keys), and
/// hands it to who executes it.</summary>
internal static class CommandDispatcher
{
    /// <summary>EXEC compares versions that WATCH may still be fetching: it must wait for all before it.</summary>
    public static bool NeedsIdle(ConnectionSession session, ClientRequest next) =>
        session.Transaction.HasWatches && Ascii.EqualsIgnoreCase(next.Arguments[0], "exec"u8);

    public static void Dispatch(ConnectionSession session, ClientRequest request)
    {
        session.Server.CountCommand();
        request.SubmittedMicros = session.LastUsedMicros = ServerState.NowMicros();
        request.Asking = session.IsAsking;
        session.IsAsking = false;
        ApplyReplyMode(session, request);
        var arguments = request.Arguments.List;
        var error = FindSpec(session, arguments, out var spec);
        if (error != null)
        {
            session.Server.Calls.CountRefused(spec);
            session.Transaction.Break();
            request.Fail(spec.Name == "exec" ? TransactionExec.Abort(session, error) : error);
            return;
        }
        session.Server.Calls.CountCall(spec);
        request.Spec = spec;
        session.LastCommand = spec.Name;
        if (session.Transaction.IsOpen && !spec.Has(CommandFlags.NotQueued))
            TransactionCommands.Queue(session, request);
        else
            Execute(session, request);
    }

    /// <summary>Null when the command may run; else the error to answer.</summary>
    private static string? FindSpec(ConnectionSession session, ArgumentList arguments, out CommandSpec spec)
    {
        var found = CommandTable.Find(arguments[0]);
        spec = found ?? CommandSpec.None;
        if (found == null || found.Has(CommandFlags.Internal))
            return RespErrorText.UnknownCommand(arguments);
        if (found.Subcommands.Length > 0 && arguments.Count > 1)
        {
            var sub = CommandTable.FindSubcommand(found, arguments[1]);
            if (sub == null)
                return RespErrorText.UnknownSubcommand(RespErrorText.Show(arguments[1]), found.Name.ToUpperInvariant());
            spec = sub;
        }
        if (!spec.TakesCount(arguments.Count))
            return RespErrorText.WrongArity(spec.Name);
        if (!session.IsAuthenticated && !spec.Has(CommandFlags.NoAuthentication))
            return RespErrorText.NoAuthentication;
        return null;
    }

    public static void Execute(ConnectionSession session, ClientRequest request)
    {
        switch (request.Spec.Scope)
        {
            case CommandScope.Connection:
                request.Spec.OnConnection!(session, request);
                break;
            case CommandScope.Shard:
                Route(session, request);
                break;
            default:
                NodeWideCommands.Run(session, request);
                break;
        }
    }

    private static void Route(ConnectionSession session, ClientRequest request)
    {
        var error = ShardTarget.Find(
            session.Server.Cluster.Map, request.Spec, request.Arguments.List, out var target);
        if (error != null)
        {
            request.Fail(error);
            return;
        }
        request.ShardId = target.ShardId;
        request.Slot = target.Slot;
        request.IsWrite = request.Spec.IsWrite;
        session.Submit(request);
    }

    /// <summary>The redirection for a slot that another node is known to lead; null when it is ours or held by the
    /// router until that is known.</summary>
    public static string? MovedElsewhere(ConnectionSession session, ShardTarget target)
    {
        var cluster = session.Server.Cluster;
        var leader = cluster.Map.Shard(target.ShardId)?.LeaderNode ?? 0;
        if (leader == 0 || leader == cluster.SelfNode || cluster.Map.Node(leader) is not { } node)
            return null;
        return RespErrorText.Moved(target.Slot, node.Host, node.Port);
    }

    private static void ApplyReplyMode(ConnectionSession session, ClientRequest request)
    {
        request.IsSilent = session.ReplyMode != ReplyMode.On;
        if (session.ReplyMode == ReplyMode.SkipNext)
            session.ReplyMode = ReplyMode.On;
    }
}
