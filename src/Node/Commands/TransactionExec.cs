using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>EXEC. Arguments of the request that reaches the shard: number of watched keys, then each with its version;
/// number of commands, then each as its argument count and its arguments. Count 0 means: one argument follows, and
/// it is a reply that the connection has made already.</summary>
internal static class TransactionExec
{
    public static void Exec(ConnectionSession session, ClientRequest request)
    {
        var transaction = session.Transaction;
        if (!transaction.IsOpen)
        {
            request.Fail(RespErrorText.ExecWithoutMulti);
            return;
        }
        var error = transaction.IsBroken ? RespErrorText.ExecAborted : FindTarget(session, out _);
        if (error != null)
        {
            transaction.Discard();
            request.Fail(error);
            return;
        }
        FindTarget(session, out var target);
        Send(session, request, target);
    }

    /// <summary>An EXEC that is refused as such ends the transaction too; the error to answer then.</summary>
    public static string Abort(ConnectionSession session, string error)
    {
        session.Transaction.Discard();
        return RespErrorText.ExecAbortedBy(error);
    }

    private static void Send(ConnectionSession session, ClientRequest request, ShardTarget target)
    {
        var (watched, queue) = session.Transaction.Take();
        if (target.ShardId == 0)
        {
            request.Reply.WriteArrayHeader(queue.Count);
            foreach (var command in queue)
                request.Reply.WriteRaw(RunHere(session, command, request.Reply.Protocol).Written);
            request.Complete();
            return;
        }
        var arguments = request.Arguments;
        arguments.Clear();
        arguments.Add("shardstore.exec"u8);
        arguments.Add(watched.Count);
        foreach (var watch in watched)
        {
            arguments.Add(watch.Key);
            arguments.Add((long)watch.Version);
        }
        arguments.Add(queue.Count);
        foreach (var command in queue)
            AddCommand(session, arguments, command, request.Reply.Protocol);
        request.Spec = CommandTable.Find("shardstore.exec"u8)!;
        request.IsWrite = queue.Exists(command => command.Spec.IsWrite);
        request.ShardId = target.ShardId;
        request.Slot = target.Slot;
        session.Submit(request);
    }

    private static void AddCommand(
        ConnectionSession session, RespArguments arguments, QueuedCommand command, int protocol)
    {
        if (command.Spec.Scope == CommandScope.Connection)
        {
            arguments.Add(0);
            arguments.Add(RunHere(session, command, protocol).Written);
            return;
        }
        arguments.Add(command.Arguments.Count);
        arguments.AddAll(command.Arguments.List);
    }

    /// <summary>Commands that touch no data run before the transaction is sent; nobody can tell.</summary>
    private static RespWriter RunHere(ConnectionSession session, QueuedCommand command, int protocol)
    {
        var request = new ClientRequest(DetachedOwner.Instance);
        request.Prepare(protocol);
        request.Spec = command.Spec;
        request.Arguments.AddAll(command.Arguments.List);
        command.Spec.OnConnection!(session, request);
        return request.Reply;
    }

    /// <summary>Null when all keys of the queue and the watches are on one shard; none at all is shard 0.</summary>
    private static string? FindTarget(ConnectionSession session, out ShardTarget target)
    {
        target = default;
        var map = session.Server.Cluster.Map;
        foreach (var command in session.Transaction.Queue)
        {
            if (command.Spec.Scope == CommandScope.Connection)
                continue;
            var found = new ShardTarget(map.Shards.IsEmpty ? 0 : map.Shards[0].Id, -1);
            var error = command.Spec.Scope == CommandScope.Node
                ? null : ShardTarget.Find(map, command.Spec, command.Arguments.List, out found);
            if (error == null && target.ShardId != 0 && found.ShardId != target.ShardId)
                error = RespErrorText.CrossSlot;
            if (error != null)
                return error;
            target = target.ShardId == 0 || target.Slot < 0 ? found : target;
        }
        foreach (var watch in session.Transaction.Watched)
        {
            var error = target.Join(map, watch.Key, out target);
            if (error != null)
                return error;
        }
        return null;
    }

    public static void OnShard(ShardContext context, ArgumentList arguments)
    {
        var at = 1;
        if (!WatchesHold(context, arguments, ref at))
        {
            context.Reply.WriteNullArray();
            return;
        }
        var commandCount = TakeNumber(arguments, ref at);
        context.Reply.WriteArrayHeader((int)commandCount);
        for (var i = 0; i < commandCount; i++)
        {
            var count = (int)TakeNumber(arguments, ref at);
            if (count == 0)
            {
                context.Reply.WriteRaw(arguments[at++]);
                continue;
            }
            var command = arguments.Slice(at, count);
            CommandTable.Resolve(command)!.OnShard!(context, command);
            at += count;
        }
    }

    private static bool WatchesHold(ShardContext context, ArgumentList arguments, ref int at)
    {
        var holds = true;
        for (var left = TakeNumber(arguments, ref at); left > 0; left--)
        {
            var version = context.Keys.VersionOf(arguments[at++]);
            holds &= version == (ulong)TakeNumber(arguments, ref at);
        }
        return holds;
    }

    private static long TakeNumber(ArgumentList arguments, ref int at)
    {
        if (!Words.TryInteger(arguments[at++], out var number))
            throw new InvalidDataException($"Argument {at - 1} of a transaction is not a number.");
        return number;
    }
}
