using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Keys as such: whether they exist, their names, what is known about them.</summary>
internal static class KeyspaceCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags Write = CommandFlags.Write;
    private const int EmbeddedBytesMax = 44;

    /// <summary>What a record costs beside its key and value: header, index entry, alignment. Unit: bytes.</summary>
    private const int RecordOverheadBytes = 64;

    private static readonly KeyRange TwoKeys = new(1, 2, 1);

    public static CommandSpec[] All =>
    [
        Row("del", -2, Write, KeyRange.All, Delete),
        Row("unlink", -2, Write | CommandFlags.Fast, KeyRange.All, Delete),
        Row("exists", -2, Read, KeyRange.All, Count),
        Row("touch", -2, Read, KeyRange.All, Count),
        Row("type", 2, Read, KeyRange.One, Type),
        Row("rename", 3, Write, TwoKeys, (context, a) => Rename(context, a, onlyIfFree: false)),
        Row("renamenx", 3, Write | CommandFlags.Fast, TwoKeys, (context, a) => Rename(context, a, onlyIfFree: true)),
        Row("copy", -3, Write | CommandFlags.DenyOutOfMemory, TwoKeys, Copy),
        Row("object", -2, CommandFlags.None, KeyRange.None, null) with { Subcommands = ObjectCommands },
        Row("memory", -2, CommandFlags.None, KeyRange.None, null) with { Subcommands = MemoryCommands },
        Row("shardstore.versions", -2, Read | CommandFlags.Internal, KeyRange.All, Versions),
    ];

    private static CommandSpec[] ObjectCommands =>
    [
        Row("object|encoding", 3, CommandFlags.ReadOnly, KeyRange.Second, Encoding),
        Row("object|refcount", 3, CommandFlags.ReadOnly, KeyRange.Second, (context, a) => Fact(context, a[2], 1)),
        Row("object|idletime", 3, CommandFlags.ReadOnly, KeyRange.Second, (context, a) => Fact(context, a[2], 0)),
        Row("object|freq", 3, CommandFlags.ReadOnly, KeyRange.Second, Frequency),
        HelpText.Row("object", "ENCODING <key>", "FREQ <key>", "IDLETIME <key>", "REFCOUNT <key>"),
    ];

    private static CommandSpec[] MemoryCommands =>
    [
        Row("memory|usage", -3, CommandFlags.ReadOnly, KeyRange.Second, Usage),
        HelpText.Row("memory", "USAGE <key> [SAMPLES <count>]"),
    ];

    private static CommandSpec Row(
        string name, int arity, CommandFlags flags, KeyRange keys, ShardHandler? handler) =>
        new()
        {
            Name = name,
            Arity = arity,
            Group = "generic",
            Flags = flags,
            Keys = keys,
            OnShard = handler,
            Scope = CommandScope.Shard,
            Summary = Summaries.Of(name),
        };

    private static void Delete(ShardContext context, ArgumentList arguments)
    {
        var count = 0;
        for (var i = 1; i < arguments.Count; i++)
            count += context.Keys.Delete(arguments[i]) ? 1 : 0;
        context.Reply.WriteInteger(count);
    }

    private static void Count(ShardContext context, ArgumentList arguments)
    {
        var count = 0;
        for (var i = 1; i < arguments.Count; i++)
            count += context.Keys.TryRead(arguments[i]) ? 1 : 0;
        context.Reply.WriteInteger(count);
    }

    private static void Type(ShardContext context, ArgumentList arguments) =>
        context.Reply.WriteSimple(context.Keys.TryRead(arguments[1]) ? "string" : "none");

    private static void Rename(ShardContext context, ArgumentList arguments, bool onlyIfFree)
    {
        if (!context.Keys.TryRead(arguments[1]))
        {
            context.Reply.WriteError(RespErrorText.NoSuchKey);
            return;
        }
        var isSame = arguments[1].SequenceEqual(arguments[2]);
        var isTaken = onlyIfFree && (isSame || context.Keys.TryRead(arguments[2]));
        if (!isSame && !isTaken)
        {
            // Read again: looking at the target has overwritten the record.
            context.Keys.TryRead(arguments[1]);
            context.Keys.Put(arguments[2], context.Keys.Record.Value, context.Keys.Record.ExpireAtMs);
            context.Keys.Delete(arguments[1]);
        }
        if (onlyIfFree)
            context.Reply.WriteInteger(isTaken ? 0 : 1);
        else
            context.Reply.WriteOk();
    }

    private static void Copy(ShardContext context, ArgumentList arguments)
    {
        var replaces = false;
        for (var i = 3; i < arguments.Count; i++)
        {
            if (Words.Is(arguments[i], "REPLACE"u8))
                replaces = true;
            else if (!Words.Is(arguments[i], "DB"u8) || ++i >= arguments.Count || !arguments[i].SequenceEqual("0"u8))
            {
                context.Reply.WriteError(RespErrorText.Syntax);
                return;
            }
        }
        if (arguments[1].SequenceEqual(arguments[2]))
        {
            context.Reply.WriteError("ERR source and destination objects are the same");
            return;
        }
        var isTaken = !replaces && context.Keys.TryRead(arguments[2]);
        var copies = context.Keys.TryRead(arguments[1]) && !isTaken;
        if (copies)
            context.Keys.Put(arguments[2], context.Keys.Record.Value, context.Keys.Record.ExpireAtMs);
        context.Reply.WriteInteger(copies ? 1 : 0);
    }

    private static void Encoding(ShardContext context, ArgumentList arguments)
    {
        if (!context.Keys.TryRead(arguments[2]))
            context.Reply.WriteNull();
        else if (Words.TryInteger(context.Keys.Record.Value, out _))
            context.Reply.WriteBulk("int"u8);
        else
            context.Reply.WriteBulk(context.Keys.Record.Length <= EmbeddedBytesMax ? "embstr"u8 : "raw"u8);
    }

    private static void Fact(ShardContext context, ReadOnlySpan<byte> key, long value)
    {
        if (context.Keys.TryRead(key))
            context.Reply.WriteInteger(value);
        else
            context.Reply.WriteNull();
    }

    private static void Frequency(ShardContext context, ArgumentList arguments)
    {
        if (context.Keys.TryRead(arguments[2]))
            context.Reply.WriteError("ERR An LFU maxmemory policy is not selected, access frequency not tracked. "
                + "Please note that when switching between policies at runtime LRU and LFU data will take some time "
                + "to adjust.");
        else
            context.Reply.WriteNull();
    }

    private static void Usage(ShardContext context, ArgumentList arguments)
    {
        var isValid = arguments.Count == 3
            || (arguments.Count == 5 && Words.Is(arguments[3], "SAMPLES"u8) && Words.TryInteger(arguments[4], out _));
        if (!isValid)
            context.Reply.WriteError(RespErrorText.Syntax);
        else if (!context.Keys.TryRead(arguments[2]))
            context.Reply.WriteNull();
        else
            context.Reply.WriteInteger(arguments[2].Length + context.Keys.Record.Length + RecordOverheadBytes);
    }

    private static void Versions(ShardContext context, ArgumentList arguments)
    {
        context.Reply.WriteArrayHeader(arguments.Count - 1);
        for (var i = 1; i < arguments.Count; i++)
            context.Reply.WriteInteger((long)context.Keys.VersionOf(arguments[i]));
    }
}
