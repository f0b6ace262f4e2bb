using ShardStore.Resp;
using ShardStore.Storage;

namespace ShardStore.Node.Commands;

/// <summary>GET, SET and what reads or replaces whole values.</summary>
internal static class StringCommands
{
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    public static CommandSpec[] All =>
    [
        new() { Name = "get", Arity = 2, Group = "string", Flags = Read, Keys = KeyRange.One, Scope = CommandScope.Shard,
            OnShard = Get },
    ];

    private static void Get(ShardContext context, ArgumentList arguments)
    {
        if (context.Keys.TryRead(arguments[1]))
            context.Reply.WriteBulk(context.Keys.Record.Value);
        else
            context.Reply.WriteNull();
    }
}
