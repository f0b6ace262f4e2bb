using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>How COMMAND tells about one command: the ten fields of Redis 7.</summary>
internal static class CommandReplies
{
    private static readonly (CommandFlags Flag, string Name)[] FlagNames =
    [
        (CommandFlags.Write, "write"),
        (CommandFlags.ReadOnly, "readonly"),
        (CommandFlags.DenyOutOfMemory, "denyoom"),
        (CommandFlags.Admin, "admin"),
        (CommandFlags.PubSub, "pubsub"),
        (CommandFlags.NoScript, "noscript"),
        (CommandFlags.Blocking, "blocking"),
        (CommandFlags.Loading, "loading"),
        (CommandFlags.Stale, "stale"),
        (CommandFlags.Fast, "fast"),
        (CommandFlags.NoAuthentication, "no_auth"),
        (CommandFlags.NoMulti, "no_multi"),
        (CommandFlags.MovableKeys, "movablekeys"),
    ];

    public static void WriteEntry(RespWriter reply, CommandSpec spec)
    {
        reply.WriteArrayHeader(10);
        reply.WriteBulk(spec.Name);
        reply.WriteInteger(spec.Arity);
        var flags = FlagNames.Where(pair => spec.Has(pair.Flag)).Select(pair => pair.Name).ToList();
        reply.WriteSetHeader(flags.Count);
        foreach (var flag in flags)
            reply.WriteSimple(flag);
        reply.WriteInteger(spec.Keys.First);
        reply.WriteInteger(spec.Keys.Last);
        reply.WriteInteger(spec.Keys.Step);
        var categories = Categories(spec);
        reply.WriteSetHeader(categories.Count);
        foreach (var category in categories)
            reply.WriteSimple(category);
        reply.WriteArrayHeader(spec.Tips.Length);
        foreach (var tip in spec.Tips)
            reply.WriteBulk(tip);
        // Key specifications: the three numbers above say the same for every command we have.
        reply.WriteArrayHeader(0);
        reply.WriteArrayHeader(spec.Subcommands.Length);
        foreach (var sub in spec.Subcommands)
            WriteEntry(reply, sub);
    }

    public static void WriteDocs(RespWriter reply, List<CommandSpec> specs)
    {
        reply.WriteMapHeader(specs.Count);
        foreach (var spec in specs)
        {
            reply.WriteBulk(spec.Name);
            reply.WriteMapHeader(spec.Subcommands.Length > 0 ? 4 : 3);
            reply.WriteBulk("summary"u8);
            reply.WriteBulk(spec.Summary);
            reply.WriteBulk("since"u8);
            reply.WriteBulk(spec.Since);
            reply.WriteBulk("group"u8);
            reply.WriteBulk(spec.Group);
            if (spec.Subcommands.Length == 0)
                continue;
            reply.WriteBulk("subcommands"u8);
            WriteDocs(reply, [.. spec.Subcommands]);
        }
    }

    /// <summary>ACL categories follow from flags and group.</summary>
    public static List<string> Categories(CommandSpec spec)
    {
        var names = new List<string>();
        if (spec.IsWrite)
            names.Add("@write");
        if (spec.Has(CommandFlags.ReadOnly))
            names.Add("@read");
        names.Add(spec.Group switch
        {
            "string" => "@string",
            "generic" => "@keyspace",
            "transactions" => "@transaction",
            "connection" => "@connection",
            "pubsub" => "@pubsub",
            _ => "@admin",
        });
        names.Add(spec.Has(CommandFlags.Fast) ? "@fast" : "@slow");
        if (spec.Has(CommandFlags.Admin))
            names.Add("@dangerous");
        return names;
    }
}
