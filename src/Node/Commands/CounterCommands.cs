using System.Buffers.Text;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Values that are numbers.</summary>
internal static class CounterCommands
{
    private const CommandFlags Flags = CommandFlags.Write | CommandFlags.DenyOutOfMemory | CommandFlags.Fast;

    public static CommandSpec[] All =>
    [
        StringCommands.Row("incr", 2, Flags, KeyRange.One, (context, a) => Add(context, a[1], 1)),
        StringCommands.Row("decr", 2, Flags, KeyRange.One, (context, a) => Add(context, a[1], -1)),
        StringCommands.Row("incrby", 3, Flags, KeyRange.One, IncrBy),
        StringCommands.Row("decrby", 3, Flags, KeyRange.One, DecrBy),
        StringCommands.Row("incrbyfloat", 3, Flags, KeyRange.One, IncrByFloat),
    ];

    private static void IncrBy(ShardContext context, ArgumentList arguments)
    {
        if (Words.TryInteger(context.Reply, arguments[2], out var by))
            Add(context, arguments[1], by);
    }

    private static void DecrBy(ShardContext context, ArgumentList arguments)
    {
        if (!Words.TryInteger(context.Reply, arguments[2], out var by))
            return;
        if (by == long.MinValue)
            context.Reply.WriteError(RespErrorText.DecrementOverflow);
        else
            Add(context, arguments[1], -by);
    }

    private static void Add(ShardContext context, ReadOnlySpan<byte> key, long by)
    {
        long value = 0;
        long expireAtMs = 0;
        if (context.Keys.TryRead(key))
        {
            if (!Words.TryInteger(context.Reply, context.Keys.Record.Value, out value))
                return;
            expireAtMs = context.Keys.Record.ExpireAtMs;
        }
        if ((by > 0 && value > long.MaxValue - by) || (by < 0 && value < long.MinValue - by))
        {
            context.Reply.WriteError(RespErrorText.Overflow);
            return;
        }
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value + by, digits, out var count);
        context.Keys.Put(key, digits[..count], expireAtMs);
        context.Reply.WriteInteger(value + by);
    }

    private static void IncrByFloat(ShardContext context, ArgumentList arguments)
    {
        var old = ExtendedFloat.Zero;
        long expireAtMs = 0;
        if (context.Keys.TryRead(arguments[1]))
        {
            expireAtMs = context.Keys.Record.ExpireAtMs;
            if (!ExtendedFloat.TryParse(context.Keys.Record.Value, out old))
            {
                context.Reply.WriteError(RespErrorText.NotAFloat);
                return;
            }
        }
        if (!ExtendedFloat.TryParse(arguments[2], out var by))
        {
            context.Reply.WriteError(RespErrorText.NotAFloat);
            return;
        }
        var sum = old.Add(by);
        if (!sum.IsFinite)
        {
            context.Reply.WriteError(RespErrorText.NotFinite);
            return;
        }
        var text = Encoding.ASCII.GetBytes(sum.ToString());
        context.Keys.Put(arguments[1], text, expireAtMs);
        context.Reply.WriteBulk(text);
    }
}
