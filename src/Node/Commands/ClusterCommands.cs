using ShardStore.Node.Routing;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>CLUSTER. Everything is told from the replicated map, so that nodes that have the same map tell the same.
/// </summary>
internal static class ClusterCommands
{
    private const CommandFlags Flags = CommandFlags.Loading | CommandFlags.Stale;

    public static CommandSpec[] All =>
    [
        Row("cluster", -2, static (_, request) => request.Fail(RespErrorText.WrongArity("cluster"))) with
        {
            Summary = "Tell about the cluster",
            Subcommands =
            [
                Row("cluster|slots", 2, static (session, request) =>
                    Tell(request, () => ClusterReplies.WriteSlots(session.Server.Cluster.Map, request.Reply))),
                Row("cluster|shards", 2, static (session, request) =>
                    Tell(request, () => ClusterReplies.WriteShards(session.Server.Cluster.Map, request.Reply))),
                Row("cluster|nodes", 2, static (session, request) =>
                    Tell(request, () => request.Reply.WriteVerbatim(ClusterText.Nodes(session.Server.Cluster)))),
                Row("cluster|info", 2, static (session, request) =>
                    Tell(request, () => request.Reply.WriteVerbatim(ClusterText.Info(session.Server.Cluster)))),
                Row("cluster|myid", 2, MyId),
                Row("cluster|keyslot", 3, KeySlot),
                Row("cluster|countkeysinslot", 3, static (session, request) => KeysInSlot(session, request, false)),
                Row("cluster|getkeysinslot", 4, static (session, request) => KeysInSlot(session, request, true)),
                Row("cluster|links", 2, static (_, request) => Tell(request, () => request.Reply.WriteArrayHeader(0))),
                Row("cluster|reset", -2, static (_, request) => request.Fail(
                    "ERR CLUSTER RESET is not allowed here: the cluster's members are kept by consensus")),
                HelpText.Row("cluster", "COUNTKEYSINSLOT <slot>", "GETKEYSINSLOT <slot> <count>", "INFO",
                    "KEYSLOT <key>", "LINKS", "MYID", "NODES", "SHARDS", "SLOTS"),
            ],
        },
        new() { Name = "shardstore.slotkeys", Arity = 3, Group = "cluster", Scope = CommandScope.Shard,
            Flags = CommandFlags.ReadOnly | CommandFlags.Internal, OnShard = SlotKeys },
    ];

    private static CommandSpec Row(string name, int arity, ConnectionHandler handler) =>
        ConnectionCommands.Row(name, arity, Flags, handler, "") with { Group = "cluster" };

    private static void Tell(ClientRequest request, Action write)
    {
        write();
        request.Complete();
    }

    private static void MyId(ConnectionSession session, ClientRequest request)
    {
        var cluster = session.Server.Cluster;
        request.Reply.WriteBulk(cluster.Map.Node(cluster.SelfNode)?.HexId ?? session.Server.RunId);
        request.Complete();
    }

    private static void KeySlot(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteInteger(HashSlot.Of(request.Arguments[2]));
        request.Complete();
    }

    /// <summary>Like Redis, tells of the keys on this node only: none when another node leads the slot.</summary>
    private static void KeysInSlot(ConnectionSession session, ClientRequest request, bool listsKeys)
    {
        var arguments = request.Arguments;
        long countMax = 0;
        if (!Words.TryInteger(arguments[2], out var slot)
            || (listsKeys && !Words.TryInteger(arguments[3], out countMax)))
        {
            request.Fail(RespErrorText.NotAnInteger);
            return;
        }
        if (slot is < 0 or >= ShardMap.SlotCount || countMax < 0)
        {
            request.Fail(listsKeys ? "ERR Invalid slot or number of keys" : "ERR Invalid slot");
            return;
        }
        var cluster = session.Server.Cluster;
        var shard = cluster.Map.ShardOfSlot((int)slot);
        if (shard == null || !Gather.OwnShards(cluster).Contains(shard.Id))
        {
            Tell(request, () => WriteKeys(request.Reply, "*0\r\n"u8, listsKeys));
            return;
        }
        var command = new RespArguments();
        command.Add("shardstore.slotkeys"u8);
        command.Add(slot);
        command.Add(listsKeys ? countMax : long.MaxValue);
        Gather.FromShard(session, request, command, new ShardTarget(shard.Id, -1), (gather, reply) =>
            WriteKeys(reply, gather.Children.Count == 0 ? "*0\r\n"u8 : gather.Children[0].Reply.Written, listsKeys));
    }

    private static void WriteKeys(RespWriter reply, ReadOnlySpan<byte> keys, bool listsKeys)
    {
        var at = 0;
        if (listsKeys)
            reply.WriteRaw(keys);
        else
            reply.WriteInteger(Gather.ReadNumber(keys, ref at));
    }

    private static void SlotKeys(ShardContext context, ArgumentList arguments)
    {
        Words.TryInteger(arguments[1], out var slot);
        Words.TryInteger(arguments[2], out var countMax);
        var collector = new KeyCollector(context.Keys, arguments, new ScanOptions()) { Slot = (int)slot };
        ulong cursor = 0;
        do
        {
            cursor = context.Keys.Store.Scan(cursor, ScanOptions.CountMax, collector);
        }
        while (cursor != 0 && collector.Count < countMax);
        collector.WriteTo(context.Reply, (int)Math.Min(countMax, int.MaxValue));
    }
}
