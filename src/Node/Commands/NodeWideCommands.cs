using ShardStore.Node.Server;
using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Commands about all keys: they cover the shards this node leads, one internal request each.</summary>
internal static class NodeWideCommands
{
    private const CommandFlags Flush = CommandFlags.Write;

    public static CommandSpec[] All =>
    [
        new() { Name = "dbsize", Arity = 1, Group = "server", Flags = CommandFlags.ReadOnly | CommandFlags.Fast,
            Scope = CommandScope.Node, OnShard = DbSize, Summary = "Return the number of keys on this node" },
        new() { Name = "flushall", Arity = -1, Group = "server", Flags = Flush, Scope = CommandScope.Node,
            OnShard = FlushAll, Summary = "Remove all keys of the shards this node leads" },
        new() { Name = "flushdb", Arity = -1, Group = "server", Flags = Flush, Scope = CommandScope.Node,
            OnShard = FlushAll, Summary = "Remove all keys of the shards this node leads" },
        new() { Name = "keys", Arity = 2, Group = "generic", Flags = CommandFlags.ReadOnly, Scope = CommandScope.Node,
            OnShard = ScanCommands.Keys, Summary = "Find all keys matching the given pattern" },
        new() { Name = "randomkey", Arity = 1, Group = "generic", Flags = CommandFlags.ReadOnly,
            Scope = CommandScope.Node, OnShard = ScanCommands.RandomKey, Summary = "Return a random key" },
        new() { Name = "scan", Arity = -2, Group = "generic", Flags = CommandFlags.ReadOnly | CommandFlags.NoMulti,
            Scope = CommandScope.Node, Since = "2.8.0", Summary = "Incrementally iterate the keys" },
        new() { Name = "shardstore.keycount", Arity = 1, Group = "server", Scope = CommandScope.Shard,
            Flags = CommandFlags.ReadOnly | CommandFlags.Internal, OnShard = KeyCount },
    ];

    public static void Run(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments;
        switch (request.Spec.Name)
        {
            case "scan":
                ScanCommands.Scan(session, request);
                break;
            case "flushall" or "flushdb" when !IsFlushMode(arguments.List):
                request.Fail(RespErrorText.Syntax);
                break;
            case "flushall" or "flushdb":
                Gather.FromOwnShards(session, request, arguments, static (_, reply) => reply.WriteOk());
                break;
            case "dbsize":
                Gather.FromOwnShards(session, request, arguments, static (gather, reply) => Sum(gather, reply));
                break;
            case "keys":
                Gather.FromOwnShards(session, request, arguments, static (gather, reply) => Concatenate(gather, reply));
                break;
            default:
                Gather.FromOwnShards(session, request, arguments, static (gather, reply) => PickOne(gather, reply));
                break;
        }
    }

    public static bool IsFlushMode(ArgumentList arguments) =>
        arguments.Count == 1 || (arguments.Count == 2
            && (Words.Is(arguments[1], "SYNC"u8) || Words.Is(arguments[1], "ASYNC"u8)));

    private static void Sum(Gather gather, RespWriter reply)
    {
        long sum = 0;
        foreach (var child in gather.Children)
        {
            var at = 0;
            sum += Gather.ReadNumber(child.Reply.Written, ref at);
        }
        reply.WriteInteger(sum);
    }

    private static void Concatenate(Gather gather, RespWriter reply)
    {
        long count = 0;
        foreach (var child in gather.Children)
        {
            var at = 0;
            count += Gather.ReadNumber(child.Reply.Written, ref at);
        }
        reply.WriteArrayHeader(checked((int)count));
        foreach (var child in gather.Children)
        {
            var at = 0;
            Gather.ReadNumber(child.Reply.Written, ref at);
            reply.WriteRaw(child.Reply.Written[at..]);
        }
    }

    private static void PickOne(Gather gather, RespWriter reply)
    {
        gather.Children.RemoveAll(child => child.Reply.Written.StartsWith("$-1"u8));
        if (gather.Children.Count == 0)
            reply.WriteNull();
        else
            reply.WriteRaw(gather.Children[Random.Shared.Next(gather.Children.Count)].Reply.Written);
    }

    private static void DbSize(ShardContext context, ArgumentList arguments) =>
        context.Reply.WriteInteger(context.Keys.Store.KeyCount);

    private static void KeyCount(ShardContext context, ArgumentList arguments)
    {
        context.Reply.WriteArrayHeader(2);
        context.Reply.WriteInteger(context.Keys.Store.KeyCount);
        context.Reply.WriteInteger(context.Keys.Store.ExpiringCount);
    }

    private static void FlushAll(ShardContext context, ArgumentList arguments)
    {
        context.Keys.Clear();
        context.Reply.WriteOk();
    }
}
