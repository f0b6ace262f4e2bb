using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>MULTI, EXEC, DISCARD, WATCH, UNWATCH. The queue stays on the connection; EXEC sends it to its shard as one
/// request, which becomes part of one entry, so nothing comes between its commands.</summary>
internal static class TransactionCommands
{
    private const CommandFlags Flags =
        CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast | CommandFlags.NotQueued;

    public static CommandSpec[] All =>
    [
        Row("multi", 1, Flags, Multi),
        Row("exec", 1, Flags & ~CommandFlags.Fast, TransactionExec.Exec),
        Row("discard", 1, Flags, Discard),
        Row("watch", -2, Flags, Watch) with { Keys = KeyRange.All },
        Row("unwatch", 1, Flags & ~CommandFlags.NotQueued, Unwatch),
        new() { Name = "shardstore.exec", Arity = -3, Group = "transactions", Scope = CommandScope.Shard,
            Flags = CommandFlags.Write | CommandFlags.Internal, OnShard = TransactionExec.OnShard },
    ];

    private static CommandSpec Row(string name, int arity, CommandFlags flags, ConnectionHandler handler) => new()
    {
        Name = name,
        Arity = arity,
        Group = "transactions",
        Flags = flags,
        Scope = CommandScope.Connection,
        OnConnection = handler,
    };

    /// <summary>Keeps a command for EXEC, after checking what can be checked now.</summary>
    public static void Queue(ConnectionSession session, ClientRequest request)
    {
        var error = WhyNotQueued(session, request);
        if (error != null)
        {
            session.Transaction.Break();
            request.Fail(error);
            return;
        }
        var arguments = new RespArguments();
        arguments.AddAll(request.Arguments.List);
        session.Transaction.Queue.Add(new QueuedCommand(request.Spec, arguments));
        request.Reply.WriteSimple("QUEUED");
        request.Complete();
    }

    private static string? WhyNotQueued(ConnectionSession session, ClientRequest request)
    {
        var spec = request.Spec;
        if (spec.Has(CommandFlags.NoMulti))
            return "ERR Command not allowed inside a transaction";
        if (session.Transaction.Queue.Count >= session.Server.Options.Limits.QueuedCommandsMax)
            return $"ERR at most {session.Server.Options.Limits.QueuedCommandsMax} commands fit into a transaction";
        var map = session.Server.Cluster.Map;
        if (spec.Scope == CommandScope.Node)
            return map.Shards.Length == 1
                ? null : "ERR Command covers several shards: not allowed inside a transaction";
        if (spec.Scope == CommandScope.Connection)
            return null;
        return ShardTarget.Find(map, spec, request.Arguments.List, out var target)
            ?? CommandDispatcher.MovedElsewhere(session, target);
    }

    private static void Multi(ConnectionSession session, ClientRequest request)
    {
        if (session.Transaction.IsOpen)
        {
            request.Fail(RespErrorText.NestedMulti);
            return;
        }
        session.Transaction.Open();
        request.Reply.WriteOk();
        request.Complete();
    }

    private static void Discard(ConnectionSession session, ClientRequest request)
    {
        if (!session.Transaction.IsOpen)
        {
            request.Fail(RespErrorText.DiscardWithoutMulti);
            return;
        }
        session.Transaction.Discard();
        request.Reply.WriteOk();
        request.Complete();
    }

    private static void Unwatch(ConnectionSession session, ClientRequest request)
    {
        session.Transaction.Unwatch();
        request.Reply.WriteOk();
        request.Complete();
    }

    /// <summary>Asks the shard for the keys' versions. The connection holds EXEC back until they are here.</summary>
    private static void Watch(ConnectionSession session, ClientRequest request)
    {
        var transaction = session.Transaction;
        if (transaction.IsOpen)
        {
            request.Fail(RespErrorText.WatchInsideMulti);
            return;
        }
        var arguments = request.Arguments.List;
        var error = ShardTarget.Find(session.Server.Cluster.Map, request.Spec, arguments, out var target);
        if (error == null && transaction.Watched.Count + arguments.Count > session.Server.Options.Limits.WatchedKeysMax)
            error = $"ERR at most {session.Server.Options.Limits.WatchedKeysMax} keys can be watched";
        if (error != null)
        {
            request.Fail(error);
            return;
        }
        transaction.HasWatches = true;
        var watches = transaction.BeginWatch();
        var command = new RespArguments();
        command.Add("shardstore.versions"u8);
        command.AddAll(arguments.Slice(1));
        Gather.FromShard(session, request, command, target, (gather, reply) => Keep(gather, reply, watches));
    }

    private static void Keep(Gather gather, RespWriter reply, List<WatchedKey> watches)
    {
        var child = gather.Children[0];
        var at = 0;
        var count = Gather.ReadNumber(child.Reply.Written, ref at);
        lock (watches)
        {
            for (var i = 1; i <= count; i++)
            {
                var version = (ulong)Gather.ReadNumber(child.Reply.Written, ref at);
                watches.Add(new WatchedKey(child.Arguments[i].ToArray(), version));
            }
        }
        reply.WriteOk();
    }
}
