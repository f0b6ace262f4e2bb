using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Parts of values.</summary>
internal static class RangeCommands
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.DenyOutOfMemory;

    public static CommandSpec[] All =>
    [
        StringCommands.Row("append", 3, Write | CommandFlags.Fast, KeyRange.One, Append),
        StringCommands.Row("strlen", 2, CommandFlags.ReadOnly | CommandFlags.Fast, KeyRange.One, StrLen),
        StringCommands.Row("getrange", 4, CommandFlags.ReadOnly, KeyRange.One, GetRange),
        StringCommands.Row("substr", 4, CommandFlags.ReadOnly, KeyRange.One, GetRange),
        StringCommands.Row("setrange", 4, Write, KeyRange.One, SetRange),
    ];

    private static void StrLen(ShardContext context, ArgumentList arguments) =>
        context.Reply.WriteInteger(context.Keys.TryRead(arguments[1]) ? context.Keys.Record.Length : 0);

    private static void Append(ShardContext context, ArgumentList arguments)
    {
        var exists = context.Keys.TryRead(arguments[1]);
        var record = context.Keys.Record;
        var oldLength = exists ? record.Length : 0;
        var length = (long)oldLength + arguments[2].Length;
        if (length > context.ValueBytesMax)
        {
            context.Reply.WriteError(RespErrorText.StringTooLong);
            return;
        }
        var value = context.Scratch((int)length);
        if (exists)
            record.Value.CopyTo(value);
        arguments[2].CopyTo(value[oldLength..]);
        context.Keys.Put(arguments[1], value, exists ? record.ExpireAtMs : 0);
        context.Reply.WriteInteger(length);
    }

    private static void SetRange(ShardContext context, ArgumentList arguments)
    {
        if (!Words.TryInteger(context.Reply, arguments[2], out var offset))
            return;
        if (offset < 0)
        {
            context.Reply.WriteError(RespErrorText.OffsetOutOfRange);
            return;
        }
        var part = arguments[3];
        var exists = context.Keys.TryRead(arguments[1]);
        var record = context.Keys.Record;
        var oldLength = exists ? record.Length : 0;
        if (part.Length == 0)
        {
            context.Reply.WriteInteger(oldLength);
            return;
        }
        if (offset > context.ValueBytesMax - part.Length)
        {
            context.Reply.WriteError(RespErrorText.StringTooLong);
            return;
        }
        var value = context.Scratch(Math.Max(oldLength, (int)offset + part.Length));
        value.Clear();
        if (exists)
            record.Value.CopyTo(value);
        part.CopyTo(value[(int)offset..]);
        context.Keys.Put(arguments[1], value, exists ? record.ExpireAtMs : 0);
        context.Reply.WriteInteger(value.Length);
    }

    private static void GetRange(ShardContext context, ArgumentList arguments)
    {
        if (!Words.TryInteger(context.Reply, arguments[2], out var start)
            || !Words.TryInteger(context.Reply, arguments[3], out var end))
            return;
        var value = context.Keys.TryRead(arguments[1]) ? context.Keys.Record.Value : [];
        var isBackwards = start < 0 && end < 0 && start > end;
        start = Math.Max(start < 0 ? value.Length + start : start, 0);
        end = Math.Min(Math.Max(end < 0 ? value.Length + end : end, 0), value.Length - 1);
        if (isBackwards || start > end || value.Length == 0)
            context.Reply.WriteBulk([]);
        else
            context.Reply.WriteBulk(value[(int)start..(int)(end + 1)]);
    }
}
