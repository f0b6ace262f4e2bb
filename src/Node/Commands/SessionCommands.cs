using System.Buffers.Binary;
using System.Buffers.Text;
using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>Writes that may be sent again. A client numbers its writes per lane, one outstanding write a lane; the
/// shard keeps, per client and lane, the last number and its reply, replicated and moved with the shard. The same
/// number again gets the kept reply; a smaller one is refused. A reply above <see cref="KeptReplyBytesMax"/> is not
/// kept: the duplicate is told that the write was applied. A session is forgotten an hour after its last
/// use.</summary>
internal static class SessionCommands
{
    public const string InnerRefused = "ERR SHARDSTORE.ONCE needs a write command with keys and the right arguments";
    public const string ReplyNotKept =
        "SHARDSTORE.APPLIED this write was applied once; its reply was too long to be kept for a duplicate";

    private const int FirstInner = 4;
    private const int KeptReplyBytesMax = 4096;
    private const long SessionMs = 3_600_000;

    // Value of a session record: format version, whether the reply was kept, request number, reply.
    private const byte FormatVersion = 1;
    private const int HeadBytes = 10;

    public static CommandSpec[] All =>
    [
        new() { Name = "shardstore.once", Arity = -6, Group = "generic", Scope = CommandScope.Shard, OnShard = Once,
            Flags = CommandFlags.Write | CommandFlags.DenyOutOfMemory | CommandFlags.MovableKeys
                | CommandFlags.NoMulti, Summary = Summaries.Of("shardstore.once") },
    ];

    public static ArgumentList InnerOf(ArgumentList arguments) => arguments.Slice(FirstInner);

    private static void Once(ShardContext context, ArgumentList arguments)
    {
        var inner = InnerOf(arguments);
        var spec = CommandTable.Resolve(inner);
        if (!Utf8Parser.TryParse(arguments[1], out ulong client, out _)
            || !Utf8Parser.TryParse(arguments[2], out ushort lane, out _)
            || !Utf8Parser.TryParse(arguments[3], out ulong number, out _) || number == 0)
        {
            context.Reply.WriteError("ERR SHARDSTORE.ONCE takes a client id (64 bits), a lane (0 to 65535) and a "
                + "request number (64 bits, from 1)");
            return;
        }
        if (spec?.OnShard == null || !spec.IsWrite || spec.Has(CommandFlags.MovableKeys | CommandFlags.Internal)
            || spec.Keys.IsNone || !spec.TakesCount(inner.Count))
        {
            context.Reply.WriteError(InnerRefused);
            return;
        }
        Span<byte> key = stackalloc byte[10];
        BinaryPrimitives.WriteUInt64BigEndian(key, client);
        BinaryPrimitives.WriteUInt16BigEndian(key[8..], lane);
        if (context.Keys.TryRead(KeySpace.Session, key) && !IsNew(context, number))
            return;
        var start = context.Reply.Length;
        spec.OnShard(context, inner);
        Keep(context, key, number, start);
    }

    /// <summary>False when the request was seen before: then it is answered.</summary>
    private static bool IsNew(ShardContext context, ulong number)
    {
        var session = context.Keys.Record.Value;
        var last = BinaryPrimitives.ReadUInt64LittleEndian(session[2..]);
        if (number > last)
            return true;
        if (number < last)
            context.Reply.WriteError($"SHARDSTORE.STALE request {number} came after request {last} of its lane");
        else if (session[1] == 0)
            context.Reply.WriteError(ReplyNotKept);
        else
            context.Reply.WriteRaw(session[HeadBytes..]);
        return false;
    }

    private static void Keep(ShardContext context, ReadOnlySpan<byte> key, ulong number, int replyStart)
    {
        var reply = context.Reply.Written[replyStart..];
        var isKept = reply.Length <= KeptReplyBytesMax;
        var value = context.Scratch(HeadBytes + (isKept ? reply.Length : 0));
        value[0] = FormatVersion;
        value[1] = isKept ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(value[2..], number);
        if (isKept)
            reply.CopyTo(value[HeadBytes..]);
        context.Keys.PutSession(key, value, context.NowMs + SessionMs);
    }
}
