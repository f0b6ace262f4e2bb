using System.Buffers.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Optimistic concurrency: every write gives a key a new version, larger than all before in its shard.
/// </summary>
internal static class VersionCommands
{
    public static CommandSpec[] All =>
    [
        new() { Name = "shardstore.cas", Arity = -4, Group = "string", Keys = KeyRange.One, Scope = CommandScope.Shard,
            Flags = CommandFlags.Write | CommandFlags.DenyOutOfMemory | CommandFlags.Fast, OnShard = CompareAndSet,
            Summary = Summaries.Of("shardstore.cas") },
        new() { Name = "shardstore.getv", Arity = 2, Group = "string", Keys = KeyRange.One, OnShard = GetVersioned,
            Scope = CommandScope.Shard, Flags = CommandFlags.ReadOnly | CommandFlags.Fast,
            Summary = Summaries.Of("shardstore.getv") },
        new() { Name = "shardstore.hash", Arity = 2, Group = "server", Keys = KeyRange.One, OnShard = Hash,
            Scope = CommandScope.Shard, Flags = CommandFlags.ReadOnly | CommandFlags.Fast,
            Summary = Summaries.Of("shardstore.hash") },
    ];

    /// <summary>SHARDSTORE.CAS key expected-version value [PX ms]. Expected version 0: the key must not exist. Replies
    /// the new version, or [null, current version] when the key has another. Without PX the key does not expire.
    /// </summary>
    private static void CompareAndSet(ShardContext context, ArgumentList arguments)
    {
        if (!Utf8Parser.TryParse(arguments[2], out ulong expected, out var used) || used != arguments[2].Length)
        {
            context.Reply.WriteError(RespErrorText.NotAnInteger);
            return;
        }
        long expireAtMs = 0;
        if (arguments.Count != 4 && (arguments.Count != 6 || !Words.Is(arguments[4], "PX"u8)))
        {
            context.Reply.WriteError(RespErrorText.Syntax);
            return;
        }
        if (arguments.Count == 6 && !ExpiryTime.TryPositive(
            context, arguments[5], ExpiryUnit.Milliseconds, "shardstore.cas", out expireAtMs))
            return;
        var current = context.Keys.VersionOf(arguments[1]);
        if (current != expected)
        {
            context.Reply.WriteArrayHeader(2);
            context.Reply.WriteNull();
            context.Reply.WriteInteger((long)current);
            return;
        }
        context.Keys.Put(arguments[1], arguments[3], expireAtMs);
        context.Reply.WriteInteger((long)context.Keys.Version);
    }

    /// <summary>SHARDSTORE.GETV key: [value or null, version or 0].</summary>
    private static void GetVersioned(ShardContext context, ArgumentList arguments)
    {
        var exists = context.Keys.TryRead(arguments[1]);
        context.Reply.WriteArrayHeader(2);
        if (exists)
            context.Reply.WriteBulk(context.Keys.Record.Value);
        else
            context.Reply.WriteNull();
        context.Reply.WriteInteger(exists ? (long)context.Keys.Record.Sequence : 0);
    }

    /// <summary>SHARDSTORE.HASH key: [content hash in hex, keys] of the key's shard as the asked replica holds it. On a
    /// READONLY connection any replica answers: while nothing is written all give the same.</summary>
    private static void Hash(ShardContext context, ArgumentList arguments)
    {
        Span<byte> hex = stackalloc byte[16];
        Utf8Formatter.TryFormat(context.Keys.Store.ContentHash, hex, out _, new System.Buffers.StandardFormat('x', 16));
        context.Reply.WriteArrayHeader(2);
        context.Reply.WriteBulk(hex);
        context.Reply.WriteInteger(context.Keys.Store.KeyCount);
    }
}
