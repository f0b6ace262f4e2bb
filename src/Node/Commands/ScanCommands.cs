using System.Buffers.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>SCAN, KEYS and RANDOMKEY. A client's cursor is the shard's id above a token of that shard's replica; shards
/// are scanned one after the other in order of their ids.</summary>
internal static class ScanCommands
{
    private const int RandomRecords = 32;
    private const int ScanSliceRecords = 1024;
    private const ulong TokenMask = (1UL << ScanCursors.TokenBits) - 1;

    public static CommandSpec[] All =>
    [
        new() { Name = "shardstore.scan", Arity = -2, Group = "generic", Scope = CommandScope.Shard,
            Flags = CommandFlags.ReadOnly | CommandFlags.Internal, OnShard = ScanShard },
    ];

    /// <summary>On the connection: picks the shard and asks it for a page.</summary>
    public static void Scan(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments.List;
        if (!TryCursor(arguments[1], out var cursor))
        {
            request.Fail(RespErrorText.InvalidCursor);
            return;
        }
        var error = ScanOptions.TryParse(arguments, out _);
        if (error != null)
        {
            request.Fail(error);
            return;
        }
        var own = Gather.OwnShards(session.Server.Cluster);
        var shardId = (int)(cursor >> ScanCursors.TokenBits);
        var token = cursor & TokenMask;
        var place = 0;
        while (place < own.Length && own[place] < shardId)
            place++;
        if (place == own.Length)
        {
            WritePage(request.Reply, 0, "*0\r\n"u8);
            request.Complete();
            return;
        }
        // A shard led elsewhere by now is its new leader's to scan; ours go on with the next.
        token = own[place] == shardId ? token : 0;
        var next = place + 1 < own.Length ? (ulong)own[place + 1] << ScanCursors.TokenBits : 0;
        var command = new RespArguments();
        command.Add("shardstore.scan"u8);
        command.Add((long)token);
        command.AddAll(arguments.Slice(2));
        var head = (ulong)own[place] << ScanCursors.TokenBits;
        Gather.FromShard(session, request, command, new ShardTarget(own[place], -1),
            (gather, reply) => MergePage(gather, reply, head, next));
    }

    private static bool TryCursor(ReadOnlySpan<byte> text, out ulong cursor) =>
        Utf8Parser.TryParse(text, out cursor, out var used) && used == text.Length && text[0] != '+';

    private static void MergePage(Gather gather, RespWriter reply, ulong head, ulong next)
    {
        if (gather.Children.Count == 0)
        {
            WritePage(reply, next, "*0\r\n"u8);
            return;
        }
        var page = gather.Children[0].Reply.Written;
        var at = 0;
        var token = Gather.ReadNumber(page, ref at);
        WritePage(reply, token == 0 ? next : head | (ulong)token, page[at..]);
    }

    private static void WritePage(RespWriter reply, ulong cursor, ReadOnlySpan<byte> keys)
    {
        reply.WriteArrayHeader(2);
        reply.WriteBulkInteger((long)cursor);
        reply.WriteRaw(keys);
    }

    /// <summary>On the shard: a page from a token on. Replies the next token, then the array of keys.</summary>
    private static void ScanShard(ShardContext context, ArgumentList arguments)
    {
        ScanOptions.TryParse(arguments, out var options);
        Words.TryInteger(arguments[1], out var token);
        var collector = new KeyCollector(context.Keys, arguments, options);
        var next = context.Keys.Store.Scan(context.Cursors.Recall((ulong)token), options.Count, collector);
        context.Reply.WriteInteger((long)context.Cursors.Remember(next));
        collector.WriteTo(context.Reply);
    }

    public static void Keys(ShardContext context, ArgumentList arguments)
    {
        var collector = new KeyCollector(context.Keys, arguments, new ScanOptions(PatternIndex: 1));
        ulong cursor = 0;
        do
        {
            cursor = context.Keys.Store.Scan(cursor, ScanSliceRecords, collector);
        }
        while (cursor != 0);
        collector.WriteTo(context.Reply);
    }

    /// <summary>One of some records from where the last call stopped: cheap, and every key gets its turn. If that
    /// part holds only expired keys, another is tried.</summary>
    public static void RandomKey(ShardContext context, ArgumentList arguments)
    {
        var collector = new KeyCollector(context.Keys, arguments, new ScanOptions());
        var wraps = 0;
        while (collector.Count == 0 && wraps < 2)
        {
            context.RandomCursor = context.Keys.Store.Scan(context.RandomCursor, RandomRecords, collector);
            wraps += context.RandomCursor == 0 ? 1 : 0;
        }
        collector.WriteOne(context.Reply, Random.Shared);
    }
}
