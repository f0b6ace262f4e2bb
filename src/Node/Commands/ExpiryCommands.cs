using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Times to live. Only the leader's clock, as carried by the entry, decides.</summary>
internal static class ExpiryCommands
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    public static CommandSpec[] All =>
    [
        Expire("expire", ExpiryUnit.Seconds),
        Expire("pexpire", ExpiryUnit.Milliseconds),
        Expire("expireat", ExpiryUnit.UnixSeconds),
        Expire("pexpireat", ExpiryUnit.UnixMilliseconds),
        Time("ttl", ExpiryUnit.Seconds),
        Time("pttl", ExpiryUnit.Milliseconds),
        Time("expiretime", ExpiryUnit.UnixSeconds),
        Time("pexpiretime", ExpiryUnit.UnixMilliseconds),
        Row("persist", 2, Write, Persist),
    ];

    private static CommandSpec Row(string name, int arity, CommandFlags flags, ShardHandler handler) =>
        StringCommands.Row(name, arity, flags, KeyRange.One, handler) with { Group = "generic" };

    private static CommandSpec Expire(string name, ExpiryUnit unit) =>
        Row(name, -3, Write, (context, arguments) => SetExpiry(context, arguments, unit, name));

    private static CommandSpec Time(string name, ExpiryUnit unit) =>
        Row(name, 2, Read, (context, arguments) => ReplyTime(context, arguments[1], unit));

    private static void SetExpiry(ShardContext context, ArgumentList arguments, ExpiryUnit unit, string name)
    {
        var error = ExpiryCondition.TryParse(arguments, out var condition);
        if (error != null)
        {
            context.Reply.WriteError(error);
            return;
        }
        if (!Words.TryInteger(context.Reply, arguments[2], out var time))
            return;
        if (!ExpiryTime.TryAbsolute(time, unit, context.NowMs, out var expireAtMs))
        {
            context.Reply.WriteError(RespErrorText.InvalidExpire(name));
            return;
        }
        var record = context.Keys.Record;
        if (!context.Keys.TryRead(arguments[1]) || !condition.Allows(record.ExpireAtMs, expireAtMs))
        {
            context.Reply.WriteInteger(0);
            return;
        }
        if (expireAtMs <= context.NowMs)
            context.Keys.Delete(arguments[1]);
        else
            context.Keys.Put(arguments[1], record.Value, expireAtMs);
        context.Reply.WriteInteger(1);
    }

    private static void ReplyTime(ShardContext context, ReadOnlySpan<byte> key, ExpiryUnit unit)
    {
        if (!context.Keys.TryRead(key))
        {
            context.Reply.WriteInteger(-2);
            return;
        }
        var expireAtMs = context.Keys.Record.ExpireAtMs;
        if (expireAtMs == 0)
        {
            context.Reply.WriteInteger(-1);
            return;
        }
        var time = unit.IsAbsolute ? expireAtMs : Math.Max(expireAtMs - context.NowMs, 0);
        context.Reply.WriteInteger(unit.IsSeconds ? (time + 500) / 1000 : time);
    }

    private static void Persist(ShardContext context, ArgumentList arguments)
    {
        var record = context.Keys.Record;
        var changes = context.Keys.TryRead(arguments[1]) && record.ExpireAtMs != 0;
        if (changes)
            context.Keys.Put(arguments[1], record.Value, 0);
        context.Reply.WriteInteger(changes ? 1 : 0);
    }
}
