using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>GET, SET and what else reads or replaces whole values.</summary>
internal static class StringCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.DenyOutOfMemory;
    private const CommandFlags FastWrite = CommandFlags.Write | CommandFlags.Fast;

    public static CommandSpec[] All =>
    [
        Row("get", 2, Read, KeyRange.One, Get),
        Row("set", -3, Write, KeyRange.One, Set),
        Row("setnx", 3, Write | CommandFlags.Fast, KeyRange.One, SetNx),
        Row("setex", 4, Write, KeyRange.One, (context, a) => SetFor(context, a, ExpiryUnit.Seconds, "setex")),
        Row("psetex", 4, Write, KeyRange.One, (context, a) => SetFor(context, a, ExpiryUnit.Milliseconds, "psetex")),
        Row("getset", 3, Write | CommandFlags.Fast, KeyRange.One, GetSet),
        Row("getdel", 2, FastWrite, KeyRange.One, GetDel),
        Row("getex", -2, FastWrite, KeyRange.One, GetEx),
        Row("mget", -2, Read, KeyRange.All, MGet),
        Row("mset", -3, Write, KeyRange.Pairs, MSet),
        Row("msetnx", -3, Write, KeyRange.Pairs, MSetNx),
    ];

    internal static CommandSpec Row(
        string name, int arity, CommandFlags flags, KeyRange keys, ShardHandler handler) =>
        new()
        {
            Name = name,
            Arity = arity,
            Group = "string",
            Flags = flags,
            Keys = keys,
            Scope = CommandScope.Shard,
            OnShard = handler,
            Summary = Summaries.Of(name),
        };

    private static void Get(ShardContext context, ArgumentList arguments) => ReplyValue(context, arguments[1]);

    /// <summary>Replies the value or null; true when the key exists.</summary>
    private static bool ReplyValue(ShardContext context, ReadOnlySpan<byte> key)
    {
        if (!context.Keys.TryRead(key))
        {
            context.Reply.WriteNull();
            return false;
        }
        context.Reply.WriteBulk(context.Keys.Record.Value);
        return true;
    }

    private static void Set(ShardContext context, ArgumentList arguments)
    {
        if (!SetOptions.TryParse(arguments, 3, isGetEx: false, out var options))
        {
            context.Reply.WriteError(RespErrorText.Syntax);
            return;
        }
        long expireAtMs = 0;
        if (options.HasTime && !ExpiryTime.TryPositive(
            context, arguments[options.TimeIndex], options.Unit, "set", out expireAtMs))
            return;
        var needsOld = options.OnlyNew || options.OnlyExisting || options.KeepsExpiry || options.RepliesOld;
        var exists = needsOld && context.Keys.TryRead(arguments[1]);
        if (options.RepliesOld)
            ReplyValue(context, arguments[1]);
        if ((options.OnlyNew && exists) || (options.OnlyExisting && !exists))
        {
            if (!options.RepliesOld)
                context.Reply.WriteNull();
            return;
        }
        if (options.KeepsExpiry && exists)
            expireAtMs = context.Keys.Record.ExpireAtMs;
        PutOrDelete(context, arguments[1], arguments[2], expireAtMs);
        if (!options.RepliesOld)
            context.Reply.WriteOk();
    }

    /// <summary>A value whose time is already over leaves no key.</summary>
    private static void PutOrDelete(
        ShardContext context, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs)
    {
        if (context.Keys.IsExpired(expireAtMs))
            context.Keys.Delete(key);
        else
            context.Keys.Put(key, value, expireAtMs);
    }

    private static void SetNx(ShardContext context, ArgumentList arguments)
    {
        var exists = context.Keys.TryRead(arguments[1]);
        if (!exists)
            context.Keys.Put(arguments[1], arguments[2], 0);
        context.Reply.WriteInteger(exists ? 0 : 1);
    }

    private static void SetFor(ShardContext context, ArgumentList arguments, ExpiryUnit unit, string name)
    {
        if (!ExpiryTime.TryPositive(context, arguments[2], unit, name, out var expireAtMs))
            return;
        context.Keys.Put(arguments[1], arguments[3], expireAtMs);
        context.Reply.WriteOk();
    }

    private static void GetSet(ShardContext context, ArgumentList arguments)
    {
        ReplyValue(context, arguments[1]);
        context.Keys.Put(arguments[1], arguments[2], 0);
    }

    private static void GetDel(ShardContext context, ArgumentList arguments)
    {
        if (ReplyValue(context, arguments[1]))
            context.Keys.Delete(arguments[1]);
    }

    private static void GetEx(ShardContext context, ArgumentList arguments)
    {
        if (!SetOptions.TryParse(arguments, 2, isGetEx: true, out var options))
        {
            context.Reply.WriteError(RespErrorText.Syntax);
            return;
        }
        if (!context.Keys.TryRead(arguments[1]))
        {
            context.Reply.WriteNull();
            return;
        }
        var record = context.Keys.Record;
        var expireAtMs = options.Persists ? 0 : record.ExpireAtMs;
        if (options.HasTime && !ExpiryTime.TryPositive(
            context, arguments[options.TimeIndex], options.Unit, "getex", out expireAtMs))
            return;
        context.Reply.WriteBulk(record.Value);
        if (expireAtMs != record.ExpireAtMs)
            PutOrDelete(context, arguments[1], record.Value, expireAtMs);
    }

    private static void MGet(ShardContext context, ArgumentList arguments)
    {
        context.Reply.WriteArrayHeader(arguments.Count - 1);
        for (var i = 1; i < arguments.Count; i++)
            ReplyValue(context, arguments[i]);
    }

    private static void MSet(ShardContext context, ArgumentList arguments)
    {
        if (!HasPairs(context, arguments, "mset"))
            return;
        PutPairs(context, arguments);
        context.Reply.WriteOk();
    }

    private static void MSetNx(ShardContext context, ArgumentList arguments)
    {
        if (!HasPairs(context, arguments, "msetnx"))
            return;
        for (var i = 1; i < arguments.Count; i += 2)
        {
            if (!context.Keys.TryRead(arguments[i]))
                continue;
            context.Reply.WriteInteger(0);
            return;
        }
        PutPairs(context, arguments);
        context.Reply.WriteInteger(1);
    }

    private static bool HasPairs(ShardContext context, ArgumentList arguments, string name)
    {
        if (arguments.Count % 2 == 1)
            return true;
        context.Reply.WriteError(RespErrorText.WrongArity(name));
        return false;
    }

    private static void PutPairs(ShardContext context, ArgumentList arguments)
    {
        for (var i = 1; i < arguments.Count; i += 2)
            context.Keys.Put(arguments[i], arguments[i + 1], 0);
    }
}
