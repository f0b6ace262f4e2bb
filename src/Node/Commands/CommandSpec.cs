using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Executes a command on a shard: reads and writes through the context and leaves one reply.</summary>
public delegate void ShardHandler(ShardContext context, ArgumentList arguments);

/// <summary>Executes a command on the connection: leaves one reply in the request and completes it, now or later.
/// </summary>
public delegate void ConnectionHandler(Server.ConnectionSession session, ClientRequest request);

/// <summary>One row of the command table: what COMMAND tells and who executes it.</summary>
public sealed record CommandSpec
{
    public static readonly CommandSpec None = new() { Name = "", Arity = 0, Group = "" };

    /// <summary>Lower case; "container|sub" for a subcommand.</summary>
    public required string Name { get; init; }

    /// <summary>Arguments including the name; negative = at least that many.</summary>
    public required int Arity { get; init; }

    public required string Group { get; init; }
    public CommandFlags Flags { get; init; }
    public KeyRange Keys { get; init; }
    public CommandScope Scope { get; init; }
    public string Summary { get; init; } = "";
    public string Since { get; init; } = "1.0.0";
    public string[] Tips { get; init; } = [];
    public CommandSpec[] Subcommands { get; init; } = [];
    public ShardHandler? OnShard { get; init; }
    public ConnectionHandler? OnConnection { get; init; }

    public bool IsWrite => (Flags & CommandFlags.Write) != 0;
    public bool Has(CommandFlags flag) => (Flags & flag) != 0;
    public bool TakesCount(int count) => Arity >= 0 ? count == Arity : count >= -Arity;
}
